"""Edited arguments."""

import copy
from typing import Any

import pytest

from approvals.rules.editing import (
    Arguments,
    InvalidEdit,
    apply_edits,
    can_be_set,
    changed_paths,
    check_against,
    value_at,
)
from tests.announcing import CLAIM, CLAIM_SCHEMA

EDITABLE = ["claim.amount", "claim.reason"]


def test_an_edit_changes_a_copy() -> None:
    before = copy.deepcopy(CLAIM)
    final = apply_edits(CLAIM, {"claim.amount": 1500}, editable=EDITABLE, schema=CLAIM_SCHEMA)
    assert value_at(final, "claim.amount") == 1500
    assert before == CLAIM


def test_a_path_that_is_not_editable_is_refused_and_named() -> None:
    with pytest.raises(InvalidEdit) as caught:
        apply_edits(CLAIM, {"claim.date": "2026-01-01"}, editable=EDITABLE, schema=CLAIM_SCHEMA)
    assert caught.value.path == "claim.date"


def test_a_value_that_the_schema_refuses_is_named_with_its_bound() -> None:
    with pytest.raises(InvalidEdit, match="must be 100000 or less") as caught:
        apply_edits(CLAIM, {"claim.amount": 1e9}, editable=EDITABLE, schema=CLAIM_SCHEMA)
    assert caught.value.path == "claim.amount"


def test_formats_are_checked_too() -> None:
    with pytest.raises(InvalidEdit, match="not a valid date"):
        apply_edits(CLAIM, {"claim.date": "tomorrow"}, editable=["claim.date"], schema=CLAIM_SCHEMA)


def test_an_item_of_a_list_can_be_edited() -> None:
    arguments = {"items": [{"n": 1}, {"n": 2}]}
    final = apply_edits(arguments, {"items.1.n": 5}, editable=["items.1.n"], schema={})  # type: ignore[arg-type]
    assert final == {"items": [{"n": 1}, {"n": 5}]}


def test_a_path_into_nothing_is_refused() -> None:
    with pytest.raises(InvalidEdit):
        apply_edits({"a": 1}, {"a.b": 5}, editable=["a.b"], schema={})


def test_only_where_something_holds_it_a_value_can_be_set() -> None:
    arguments: Arguments = {"a": None, "b": {}, "c": [1], "d": "text"}
    assert [path for path in ("b.x", "c.0", "e") if can_be_set(arguments, path)] == ["b.x", "c.0", "e"]
    assert [
        path for path in ("a.x", "c.1", "c.x", "d.x", "e.x", "c." + "9" * 5_000) if can_be_set(arguments, path)
    ] == []


def test_the_same_number_written_otherwise_is_no_change() -> None:
    assert changed_paths({"a": 1800}, {"a": 1800.0}, ["a"]) == []
    assert changed_paths({"a": 1800}, {"a": 1801}, ["a"]) == ["a"]


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.com/schema.json"},
        {"$ref": "#/nowhere"},
        {"$ref": "#"},
        {"properties": {"a": {"type": "string", "pattern": "("}}},
        {"properties": []},
        {"properties": {"a": {"maxLength": "9"}}},
        {"type": "nothing"},
        {"$ref": "#/unknown", "unknown": [1]},
        {"$ref": "#/unknown", "unknown": {"type": "nothing"}},
    ],
)
def test_a_schema_that_cannot_be_checked_refuses_the_edit(schema: dict[str, Any]) -> None:
    with pytest.raises(InvalidEdit, match="the tool's schema can't be checked: ") as caught:
        check_against(schema, {"a": "x"})
    assert caught.value.path == ""


def test_no_reference_is_ever_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda *args, **_: asked.append(args))
    with pytest.raises(InvalidEdit, match="can't be checked"):
        check_against({"properties": {"a": {"$ref": "http://169.254.169.254/latest"}}}, {"a": 1})
    assert asked == []
