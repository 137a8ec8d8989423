"""What kind of answer a question wants, and what is read of a decision."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest
import restate
from pydantic import AliasPath, BaseModel, ConfigDict, Field, RootModel, field_validator

from agents.approval.errors import RequestRefused
from agents.approval.wanted import Filled, Misfit, Words
from restate_bridge.contract import DecisionClaims, Outcome, Question


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Line(BaseModel):
    what: str


class Order(BaseModel):
    on: date
    colour: Colour = Colour.RED
    how_many: Annotated[int, Field(alias="howMany")] = 1
    lines: list[Line] = []

    @field_validator("on")
    @classmethod
    def _is_recent(cls, day: date) -> date:
        if day.year < 2000:
            raise ValueError("that is long ago")
        return day


def claims(**said: Any) -> DecisionClaims:
    return DecisionClaims(
        decision_id="1",
        announcement_id="a",
        outcome=Outcome.ANSWERED,
        decided_by="Rita",
        decided_at=datetime.now(UTC),
        digest="d",
        **said,
    )


def test_words_are_read_as_they_were_said() -> None:
    question = Question(text="Which?", choices=["a", "b"])
    assert Words().arguments(question) == {"question": "Which?", "choices": ["a", "b"]}
    assert Words().read(claims(answer="b")) == ("b", "b")


def test_a_form_is_the_models_schema_with_what_it_refers_to_at_the_root() -> None:
    schema: Any = Filled(Order, {"howMany": 3, "colour": Colour.BLUE}).schema
    assert schema["required"] == ["question", "answer"]
    assert set(schema["$defs"]) == {"Colour", "Line"}
    fields = schema["properties"]["answer"]["properties"]
    assert (fields["howMany"]["default"], fields["colour"]["default"]) == (3, "blue")
    assert "default" not in fields["on"]


def test_the_model_keeps_its_own_defaults() -> None:
    _ = Filled(Order, {"howMany": 3}).schema
    fields: Any = Filled(Order).schema
    assert fields["properties"]["answer"]["properties"]["howMany"]["default"] == 1


def test_what_was_filled_in_is_read_as_the_model() -> None:
    value, text = Filled(Order).read(claims(arguments={"answer": {"on": "2026-11-23", "lines": [{"what": "tea"}]}}))
    assert value == Order(on=date(2026, 11, 23), lines=[Line(what="tea")])
    assert text == '{"lines":[{"what":"tea"}],"on":"2026-11-23"}'


@pytest.mark.parametrize("answer", [None, "soon", [], {}, {"on": "1999-01-01", "colour": "blue", "other": 1}])
def test_what_the_model_refuses_is_asked_again_with_what_was_filled_in(answer: Any) -> None:
    with pytest.raises(Misfit) as misfit:
        Filled(Order).read(claims(arguments={"answer": answer}))
    again: Any = Filled(Order).again(claims(arguments={"answer": answer})).schema
    fields = again["properties"]["answer"]["properties"]
    if isinstance(answer, dict) and answer:
        assert str(misfit.value) == "on: that is long ago"
        assert (fields["on"]["default"], fields["colour"]["default"]) == ("1999-01-01", "blue")


class Undrawn(BaseModel):
    call: Callable[[], int]


class Empty(BaseModel):
    pass


@pytest.mark.parametrize("model", [RootModel[int], Empty])
def test_a_model_without_fields_is_no_form(model: type[BaseModel]) -> None:
    with pytest.raises(RequestRefused, match="no fields of its own"):
        _ = Filled(model).schema


class Inside(BaseModel):
    deep: Annotated[str, Field(validation_alias=AliasPath("a", "b"))]


def test_a_model_that_reads_a_field_from_inside_another_is_no_form() -> None:
    with pytest.raises(RequestRefused, match="read from inside another"):
        _ = Filled(Inside).schema


class Free(BaseModel):
    model_config = ConfigDict(extra="allow")

    size: int = 3


def test_what_a_form_begins_with_is_said_of_the_whole_too() -> None:
    schema: Any = Filled(Free).schema
    assert schema["properties"]["answer"]["default"] == {"size": 3}


class Broken(BaseModel):
    size: int

    @field_validator("size")
    @classmethod
    def _looks_up(cls, size: int) -> int:
        return {1: 2}[size]


def test_a_validator_that_breaks_ends_the_run_and_is_not_tried_for_ever() -> None:
    with pytest.raises(restate.TerminalError, match="Broken can't read an answer: KeyError"):
        Filled(Broken).read(claims(arguments={"answer": {"size": 7}}))


def test_a_model_that_json_can_not_hold_is_no_form() -> None:
    with pytest.raises(RequestRefused, match="Undrawn can't be a form"):
        _ = Filled(Undrawn).schema


def test_a_form_begins_with_nothing_that_it_has_not_or_that_json_has_not() -> None:
    with pytest.raises(RequestRefused, match="no field 'size'"):
        _ = Filled(Order, {"size": 1}).schema
    with pytest.raises(RequestRefused, match="can't be a form"):
        _ = Filled(Order, {"howMany": object()}).schema
