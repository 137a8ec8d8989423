"""What the decorator leaves as it was, and what it refuses at import."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

import pytest
from google.adk.tools.function_tool import FunctionTool
from google.adk.tools.tool_context import ToolContext
from pydantic import BaseModel, Field, RootModel

from agents.approval import Escalation, NoRestateContext, NotGateable, ask_human_tool, requires_approval


class Colour(StrEnum):
    RED = "red"


class Order(BaseModel):
    amount: Annotated[float, Field(gt=0, description="How much.")]
    colour: Colour = Colour.RED
    on: date | None = None
    parts: list["Order"] = []
    extra: dict[str, int] = {}


async def buy(order: Order, shop: str = "corner", *, rush: bool = False) -> dict[str, str]:
    """Buy something.

    Args:
        order: what.
    """
    return {}


def buy_sync(order: Order) -> dict[str, str]:
    """Buy something."""
    return {}


async def buy_with_context(order: Order, tool_context: ToolContext) -> str:
    """Buy something."""
    return ""


async def buy_with_a_context_of_another_name(context: ToolContext, order: Order) -> str:
    """Buy something."""
    return ""


@pytest.mark.parametrize("tool", [buy, buy_sync, buy_with_context, buy_with_a_context_of_another_name])
def test_the_model_sees_the_same_declaration_with_and_without_the_gate(tool: Callable[..., Any]) -> None:
    gated = requires_approval(title="Buy")(tool)
    assert FunctionTool(gated)._get_declaration() == FunctionTool(tool)._get_declaration()
    assert (gated.__name__, gated.__doc__) == (tool.__name__, tool.__doc__)


@pytest.mark.parametrize("tool", [buy, buy_with_context, buy_with_a_context_of_another_name])
def test_adk_hands_the_gate_its_context_whether_or_not_the_tool_takes_one(tool: Callable[..., Any]) -> None:
    function_tool = FunctionTool(requires_approval(title="Buy")(tool))
    context = object()
    prepared = function_tool._prepare_invocation_args({"order": {}}, context)  # type: ignore[arg-type]
    assert context in prepared.values()


async def test_outside_a_restate_handler_the_error_says_what_to_do() -> None:
    gated = requires_approval(title="Buy")(buy)
    with pytest.raises(NoRestateContext, match="buy asks a person and has to run inside a Restate handler"):
        await gated(Order(amount=1))


def _variadic(*things: int) -> None: ...
def _keywords(**things: int) -> None: ...
def _untyped(thing) -> None: ...  # type: ignore[no-untyped-def]
def _callback(thing: Callable[[], int]) -> None: ...


class _Opaque:
    pass


def _opaque(thing: _Opaque) -> None: ...


def _generator(amount: int):  # type: ignore[no-untyped-def]
    yield amount


@pytest.mark.parametrize("tool", [_variadic, _keywords, _untyped, _callback, _opaque, _generator, Order])
def test_a_function_that_can_not_be_shown_and_stored_is_refused(tool: Callable[..., Any]) -> None:
    with pytest.raises(NotGateable):
        requires_approval(title="Do")(tool)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"title": ""}, "title"),
        ({"title": "Pay {sum}"}, "'sum' is not an argument"),
        ({"title": "Pay {order.amont}"}, "Order has no 'amont'"),
        ({"risk": "extreme"}, "'extreme' is none of low, medium, high"),
        ({"groups": "finance"}, r"\('finance',\)"),
        ({"quorum": 0}, "between 1 and 20"),
        ({"deadline": timedelta(milliseconds=5)}, "shorter than a second"),
        ({"escalations": Escalation(after=timedelta(hours=1))}, r"escalations: give a tuple"),
        ({"escalations": [timedelta(hours=1)]}, "is no Escalation"),
        ({"escalations": [Escalation(after=60)]}, "is no Escalation"),  # type: ignore[arg-type]
        (
            {"escalations": [Escalation(after=timedelta(0))]},
            "stage 1: after: Input should be greater than or equal to 1",
        ),
        ({"escalations": [Escalation(after=timedelta(hours=1), remind="finance")]}, r"remind: .*\('finance',\)"),
        ({"escalations": [Escalation(after=timedelta(hours=1), groups=("",))]}, "stage 1: groups.0: String"),
        ({"escalations": [Escalation(after=timedelta(hours=1))] * 2}, "each has to come later"),
        ({"escalations": [Escalation(after=timedelta(hours=n)) for n in range(1, 12)]}, "11 stages, at most 10"),
        (
            {"escalations": [Escalation(after=timedelta(hours=1))], "deadline": timedelta(hours=1)},
            "the last one has to come before the deadline",
        ),
        ({"escalations": lambda claim: ()}, "escalations: its function takes 'claim'"),
        ({"editable": ["order.amont"]}, "'order.amont' is not in the tool's arguments"),
        ({"editable": ["amount"]}, "'amount' is not in the tool's arguments"),
        ({"reject_reasons": "Too expensive."}, r"buy: reject_reasons: .*\('Too expensive.',\)"),
        ({"reject_reasons": ("Too expensive.",) * 2}, "at most 10 that differ"),
        ({"reject_reasons": [f"Reason {number}" for number in range(11)]}, "at most 10 that differ"),
        ({"reject_reasons": (" ",)}, "' ' is empty"),
        ({"reject_reasons": ("x" * 201,)}, "longer than 200 characters"),
        ({"when": lambda claim: True}, "when: its function takes 'claim'"),
        ({"risk": lambda x: "low"}, "risk: its function takes 'x'"),
    ],
)
def test_a_setting_that_can_not_work_is_refused_at_import(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(NotGateable, match=message):
        requires_approval(**({"title": "Buy"} | settings))(buy)


def test_a_tool_that_asks_people_refuses_stages_that_can_not_work_too() -> None:
    with pytest.raises(NotGateable, match="before the deadline"):
        ask_human_tool(escalations=[Escalation(after=timedelta(days=2))], deadline=timedelta(days=1))


class Pickup(BaseModel):
    """Where and when something is fetched."""

    address: str
    parcels: int = 1


class Anything(RootModel[int]):
    """No form."""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"form": Anything}, "ask_a_person: Anything can't be a form"),
        ({"form": dict}, "ask_a_person: <class 'dict'> can't be a form: it is no pydantic model"),
        *(
            ({"name": name}, f"{name}: a tool is called like a function")
            for name in ("ask a person", "größe", "x" * 65, "if")
        ),
    ],
)
def test_a_tool_that_has_a_form_filled_in_refuses_what_is_none_and_a_name_that_is_none(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(NotGateable, match=message):
        ask_human_tool(**settings)


def test_a_tool_that_has_a_form_filled_in_tells_the_model_what_it_asks_for() -> None:
    declared = FunctionTool(ask_human_tool(form=Pickup, name="arrange_pickup"))._get_declaration()
    assert declared is not None
    assert declared.name == "arrange_pickup"
    assert "Where and when something is fetched." in (declared.description or "")
    assert "address, parcels" in (declared.description or "")
    assert declared.parameters_json_schema is not None
    assert [*declared.parameters_json_schema["properties"]] == ["question"]


@pytest.mark.parametrize(
    "path", ["order", "order.amount", "order.on", "order.parts.0.amount", "order.extra.any", "shop"]
)
def test_every_path_into_the_arguments_may_be_editable(path: str) -> None:
    assert requires_approval(title="Buy", editable=[path])(buy).__name__ == "buy"


def test_a_dataclass_can_be_gated() -> None:
    @dataclass
    class Parcel:
        weight: float

    def send(parcel: Parcel) -> None:
        """Send."""

    send.__annotations__["parcel"] = Parcel
    gated = requires_approval(title="Send {parcel.weight:.1f} kg", editable=["parcel.weight"])(send)
    assert gated.__name__ == "send"
