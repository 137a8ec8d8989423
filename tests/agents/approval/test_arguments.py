"""Arguments: typed for the tool, plain for the wire, and back."""

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import jsonschema
import pytest
from pydantic import BaseModel, Field, ValidationError

from agents.approval.policy import Policy, one_line, value_of
from agents.approval.schema import ToolArguments
from agents.claims.claim import Claim
from agents.claims.tools import reimburse
from restate_bridge.contract import Risk, UnserialisableArguments


class Item(BaseModel):
    price: Decimal
    bought: date
    name: Annotated[str, Field(alias="label")] = "thing"


def tool(item: Item, count: int = 2, tags: set[str] | None = None) -> None: ...


ARGUMENTS = ToolArguments(tool)
GIVEN: dict[str, Any] = {"item": {"price": "19.90", "bought": "2026-02-03", "label": "chair"}, "tags": ["a"]}


def test_arguments_survive_the_way_to_the_wire_and_back() -> None:
    typed = ARGUMENTS.typed(GIVEN)
    plain = ARGUMENTS.plain(typed)
    assert plain == {"item": {"price": "19.90", "bought": "2026-02-03", "label": "chair"}, "count": 2, "tags": ["a"]}
    assert ARGUMENTS.load(json.loads(json.dumps(plain))) == typed


def test_defaults_are_shown_since_they_run_too() -> None:
    assert ARGUMENTS.plain(ARGUMENTS.typed({"item": GIVEN["item"]}))["count"] == 2


def test_the_schema_describes_the_plain_arguments() -> None:
    plain = ARGUMENTS.plain(ARGUMENTS.typed(GIVEN))
    jsonschema.Draft202012Validator.check_schema(ARGUMENTS.json_schema)
    jsonschema.validate(plain, ARGUMENTS.json_schema)
    assert ARGUMENTS.json_schema["required"] == ["item"]


def test_the_schema_of_the_sample_holds_descriptions_and_bounds() -> None:
    schema: Any = ToolArguments(reimburse.__wrapped__).json_schema  # type: ignore[attr-defined]
    amount = schema["$defs"]["Claim"]["properties"]["amount"]
    assert amount["exclusiveMinimum"] == 0
    assert "main unit" in amount["description"]
    assert "tool_context" not in schema["properties"]


@pytest.mark.parametrize("plain", [{}, {"item": {}, "count": 1, "tags": None, "more": 1}])
def test_unknown_and_missing_arguments_are_refused(plain: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown or missing"):
        ARGUMENTS.load(plain)


def test_what_is_not_the_tools_type_is_refused() -> None:
    with pytest.raises(ValidationError):
        ARGUMENTS.typed({"item": {"price": "cheap"}})


def test_too_much_and_inexact_are_refused() -> None:
    def note(text: str, number: float = 0) -> None: ...

    arguments = ToolArguments(note)
    with pytest.raises(UnserialisableArguments, match="at most"):
        arguments.plain({"text": "x" * 300_000})
    with pytest.raises(UnserialisableArguments):
        arguments.plain({"text": "", "number": float("nan")})


def test_a_setting_is_a_value_or_a_function_of_the_arguments_that_it_names() -> None:
    typed = {"claim": 5, "other": 6}
    assert value_of(Risk.HIGH, typed) is Risk.HIGH
    assert value_of(lambda claim: claim + 1, typed) == 6
    assert value_of(lambda: 1, typed) == 1


def test_a_title_is_one_line_and_bounded() -> None:
    policy = Policy(
        title="Pay {claim.amount:,.0f} {claim.currency}\nfor {claim.reason}",
        risk="low",
        groups=(),
        quorum=1,
        reject_reasons=(),
        deadline=None,
        escalations=(),
        editable=(),
        files=(),
        when=None,
        or_undo=False,
    )
    claim = Claim(amount=1800, category="travel", date=date(2026, 1, 2), reason="a\nb", pay_to="DE02120300000000202051")
    assert policy.title_for({"claim": claim}) == "Pay 1,800 EUR for a b"
    assert len(one_line("long " * 200)) == 300
    assert one_line("long " * 200).endswith("…")
