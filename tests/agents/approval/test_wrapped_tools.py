"""A tool behind a plain wrapper: its body runs, and its own result counts."""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, cast

import pytest
import restate
from google.adk.tools.tool_context import ToolContext
from pydantic import JsonValue

from agents.approval.durable import tool_step
from agents.approval.retry import Retry
from agents.approval.schema import ToolArguments
from agents.approval.tool import Tool


def traced(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return call


@traced
async def pay(amount: int) -> dict[str, int]:
    """Pay."""
    return {"paid": amount}


@traced
async def fail(amount: int) -> None:
    """Fail."""
    raise restate.TerminalError(f"{amount} is too much")


class _Context:
    """As much of a Restate context as a tool needs."""

    async def run_typed(self, name: str, call: Callable[[], Awaitable[JsonValue]], options: object) -> JsonValue:
        return await call()


CONTEXT = cast(restate.Context, _Context())


async def test_an_async_tool_behind_a_plain_wrapper_has_run_when_it_is_reported_as_done() -> None:
    assert await tool_step(CONTEXT, "pay", partial(pay, amount=3), Retry(attempts=1).options(), None) == {"paid": 3}


async def test_an_async_tool_behind_a_plain_wrapper_fails_as_it_fails() -> None:
    with pytest.raises(restate.TerminalError, match="3 is too much"):
        await tool_step(CONTEXT, "fail", partial(fail, amount=3), Retry(attempts=1).options(), None)


@pytest.mark.parametrize("as_step", [True, False])
async def test_a_wrapped_tool_runs_whether_or_not_its_body_is_one_step(as_step: bool) -> None:
    tool = Tool(name="pay", function=pay, arguments=ToolArguments(pay), retry=Retry(), as_step=as_step)
    assert await tool.run(CONTEXT, cast(ToolContext, None), {"amount": 3}, None) == {"paid": 3}
