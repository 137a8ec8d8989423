"""Arguments as rows."""

from typing import Any

import pytest
from pydantic import JsonValue

from approvals.presentation.values import FOLD_AFTER, in_words, rows_for
from approvals.presentation.values.rows import MOST_ROWS
from tests.announcing import CLAIM, CLAIM_SCHEMA


def test_one_object_is_taken_apart_and_its_name_left_out_of_the_labels() -> None:
    rows = rows_for(CLAIM, CLAIM)
    assert [(row.path, row.label) for row in rows][:2] == [("claim.amount", "amount"), ("claim.category", "category")]


def test_without_a_schema_several_arguments_keep_their_whole_path() -> None:
    rows = rows_for({"to": "x", "options": {"urgent": True}}, {})
    assert [row.label for row in rows] == ["to", "options.urgent"]


def test_with_a_schema_an_objects_rows_stand_together_under_its_name() -> None:
    arguments: dict[str, JsonValue] = {"options": {"urgent": True, "deep": {"x": 1}, "late": 2}, "to": "x"}
    rows = rows_for(arguments, arguments, {"properties": {"options": {"title": "How"}}})
    assert [(row.path, row.label, row.group, row.depth) for row in rows] == [
        ("to", "to", "", 0),
        ("options.urgent", "urgent", "How (options)", 1),
        ("options.late", "late", "", 1),
        ("options.deep.x", "x", "How (options) › deep", 2),
    ]


def test_a_single_object_needs_no_heading() -> None:
    assert [row.group for row in rows_for(CLAIM, CLAIM, CLAIM_SCHEMA)] == [""] * 4


@pytest.mark.parametrize(
    ("title", "label"),
    [("Unit Price", "unit_price"), ("Fee", "Fee (unit_price)"), ("x" * 81, "unit_price"), (5, "unit_price")],
)
def test_a_title_that_says_something_else_than_the_name_never_stands_alone(title: Any, label: str) -> None:
    (row,) = rows_for({"unit_price": 1}, {"unit_price": 1}, {"properties": {"unit_price": {"title": title}}})
    assert (row.label, row.path) == (label, "unit_price")


def test_an_empty_object_or_list_is_still_shown() -> None:
    assert [row.shown for row in rows_for({"a": {}, "b": []}, {})] == ["{}", "[]"]


def test_a_changed_value_shows_what_it_was() -> None:
    changed: dict[str, JsonValue] = {"claim": {**CLAIM["claim"], "amount": 1500}}
    rows = {row.label: row for row in rows_for(changed, CLAIM)}
    assert rows["amount"].shown == "1500"
    assert rows["amount"].was == '<data value="1800.0" title="sent as 1800.0">1,800</data>'
    assert rows["reason"].was == ""


@pytest.mark.parametrize(("old", "new"), [("5", 5), (True, 1), (None, "null"), ([1], [2])])
def test_values_that_only_look_the_same_count_as_changed(old: JsonValue, new: JsonValue) -> None:
    (row,) = rows_for({"a": new}, {"a": old})
    assert row.was != ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1800.0, "1,800"),
        (1800.5, "1,800.5"),
        (88213, "88213"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (True, "true"),
        (None, "null"),
        ("text", "text"),
        (["a"], '[\n  "a"\n]'),
    ],
)
def test_a_value_is_told_whole(value: JsonValue, words: str) -> None:
    assert in_words(value)[0] == words


def test_a_long_value_is_folded_with_its_length_and_never_cut() -> None:
    text = "x" * (FOLD_AFTER + 1)
    (row,) = rows_for({"body": text}, {})
    assert row.is_long
    assert (row.length, row.shown, row.size) == (FOLD_AFTER + 1, text, "all 601 characters")


def test_thousands_of_arguments_end_in_one_row_that_holds_the_rest() -> None:
    arguments: dict[str, JsonValue] = {f"key{number}": f"value{number}" for number in range(5_000)}
    *rows, rest = rows_for(arguments, arguments, {})
    assert (len(rows), rest.label, rest.is_long, rest.was) == (MOST_ROWS, "4800 more arguments", True, "")
    whole = "".join(row.shown for row in rows) + rest.shown
    assert all(f"value{number}" in whole for number in range(5_000))
    changed = rows_for({**arguments, "key4999": "other"}, arguments, {})[-1]
    assert "value4999" in changed.was


def test_what_is_nested_deeply_is_shown_as_json_whole() -> None:
    value: JsonValue = "the end"
    for _ in range(150):
        value = {"in": [value]}
    (row,) = rows_for({"a": value}, {"a": value}, {})
    assert (row.path, row.kind) == ("a.in", "code")
    assert row.shown.count("in") == 149
    assert "the end" in row.shown
