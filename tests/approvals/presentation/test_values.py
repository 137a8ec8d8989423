"""Arguments as rows."""

import pytest
from pydantic import JsonValue

from approvals.presentation.values import FOLD_AFTER, in_words, rows_for
from tests.announcing import CLAIM


def test_one_object_is_taken_apart_and_its_name_left_out_of_the_labels() -> None:
    rows = rows_for(CLAIM, CLAIM)
    assert [(row.path, row.label) for row in rows][:2] == [("claim.amount", "amount"), ("claim.category", "category")]


def test_several_arguments_keep_their_whole_path() -> None:
    rows = rows_for({"to": "x", "options": {"urgent": True}}, {})
    assert [row.label for row in rows] == ["to", "options.urgent"]


def test_an_empty_object_or_list_is_still_shown() -> None:
    assert [row.shown for row in rows_for({"a": {}, "b": []}, {})] == ["{}", "[]"]


def test_a_changed_value_shows_what_it_was() -> None:
    changed: dict[str, JsonValue] = {"claim": {**CLAIM["claim"], "amount": 1500}}
    rows = {row.label: row for row in rows_for(changed, CLAIM)}
    assert (rows["amount"].shown, rows["amount"].was) == ("1500", "1,800")
    assert rows["reason"].was == ""


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
def test_a_value_is_shown_raw_and_whole(value: object, words: str) -> None:
    assert in_words(value)[0] == words  # type: ignore[arg-type]


def test_a_long_value_is_folded_with_its_length_and_never_cut() -> None:
    text = "x" * (FOLD_AFTER + 1)
    (row,) = rows_for({"body": text}, {})
    assert row.is_long
    assert (row.length, row.shown) == (FOLD_AFTER + 1, text)
