"""Schemas that nobody has vouched for are checked in bounded time."""

import time
from typing import Any

import pytest

from approvals.rules.schema_check import SchemaFault, matches, misfits_in


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_that_backtracks_for_ever_takes_no_time(pattern: str) -> None:
    begun = time.monotonic()
    schema: dict[str, Any] = {"properties": {"a": {"pattern": pattern}}, "patternProperties": {pattern: {}}}
    found = misfits_in({**schema, "additionalProperties": False}, {"a": "a" * 50_000 + "!"})
    assert "pattern" in {error.validator for error in found}
    assert time.monotonic() - begun < 2


def test_a_pattern_is_searched_for_and_a_dollar_is_the_very_end() -> None:
    assert matches("[0-9]", "a1b")
    assert matches("^[A-Z]{3}$", "EUR")
    assert not matches("^[A-Z]{3}$", "EUR\n")


def test_what_the_engine_cannot_express_is_left_to_the_tools_own_types() -> None:
    assert misfits_in({"properties": {"a": {"pattern": "^(?=x)x$"}}}, {"a": "y"}) == []
    assert misfits_in({"properties": {"a": {"pattern": "a" * 5_000}}}, {"a": "y"}) == []


def test_references_that_double_with_each_step_are_given_up() -> None:
    parts: dict[str, Any] = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}
    parts["d40"] = {"type": "string"}
    begun = time.monotonic()
    with pytest.raises(SchemaFault, match="too long"):
        misfits_in({"$defs": parts, "properties": {"a": {"$ref": "#/$defs/d0"}}}, {"a": "x"})
    assert time.monotonic() - begun < 10


def test_unknown_properties_are_refused_but_for_those_whose_names_match() -> None:
    schema: dict[str, Any] = {"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False}
    assert [error.validator for error in misfits_in(schema, {"x-a": "b", "x-c": 1, "d": 1})] == [
        "type",
        "additionalProperties",
    ]
