"""Edited arguments."""

import copy

import pytest

from approvals.rules.editing import InvalidEdit, apply_edits, changed_paths, value_at
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


def test_the_same_number_written_otherwise_is_no_change() -> None:
    assert changed_paths({"a": 1800}, {"a": 1800.0}, ["a"]) == []
    assert changed_paths({"a": 1800}, {"a": 1801}, ["a"]) == ["a"]
