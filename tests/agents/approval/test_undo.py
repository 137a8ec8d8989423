"""What may undo a tool, and what is refused at import."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from google.adk.tools.function_tool import FunctionTool
from google.adk.tools.tool_context import ToolContext

from agents.approval import NotGateable, durable_tool, requires_approval
from agents.approval.effects import Undo
from agents.approval.schema import ToolArguments

CONTEXT = cast(ToolContext, object())


async def rent(car: str, days: int = 1) -> dict[str, str]:
    """Rent a car."""
    return {"contract": f"{car} for {days}"}


def undone(undo: Callable[..., Any], result: Any = None) -> Any:
    return Undo("rent", undo, ToolArguments(rent)).effect({"car": "red", "days": 2}, CONTEXT).undo(result)


def test_it_gets_the_arguments_that_it_names_the_context_and_the_result() -> None:
    assert undone(lambda: "nothing") == "nothing"
    assert undone(lambda days, car: (days, car)) == (2, "red")
    assert undone(lambda tool_context: tool_context) is CONTEXT
    assert undone(lambda result, car: (result, car), {"contract": "red"}) == ({"contract": "red"}, "red")


@pytest.mark.parametrize("decorate", [durable_tool, lambda **settings: requires_approval(title="Rent", **settings)])
def test_one_that_takes_what_the_tool_does_not_have_is_refused(decorate: Callable[..., Any]) -> None:
    with pytest.raises(NotGateable, match="rent: undo: it takes 'bike', which is not an argument"):
        decorate(undo=lambda bike: None)(rent)


def test_a_result_that_is_an_argument_too_is_refused() -> None:
    def write(result: str) -> None: ...

    with pytest.raises(NotGateable, match="'result' would be both"):
        durable_tool(undo=lambda result: None)(write)


def test_the_model_sees_the_same_declaration_as_without() -> None:
    tool = durable_tool(undo=lambda car: None)(rent)
    assert FunctionTool(tool)._get_declaration() == FunctionTool(rent)._get_declaration()
