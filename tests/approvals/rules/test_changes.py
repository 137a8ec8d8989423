"""What differs between two versions of the arguments."""

import time
from typing import Any

import pytest

from approvals.rules.changes import MISSING, Kind, changes_between
from approvals.rules.text_changes import pieces_between


def told(before: Any, after: Any) -> list[tuple[str, str]]:
    return [(change.kind.value, change.path) for change in changes_between(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1800}, {"a": 1800.0}, []),
        ({"a": 1}, {"a": True}, [("changed", "a")]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 5, "c": 2}}, [("changed", "a.b")]),
        ({"a": 1}, {"b": 1}, [("removed", "a"), ("added", "b")]),
        ({"a": None}, {}, [("removed", "a")]),
        ({"a": [1, 2, 3]}, {"a": [1, 3]}, [("removed", "a.1")]),
        ({"a": [1, 3]}, {"a": [1, 2, 3]}, [("added", "a.1")]),
        ({"a": [{"n": 1}, {"n": 2}]}, {"a": [{"n": 1}, {"n": 5}]}, [("changed", "a.1.n")]),
        ({"a": [1]}, {"a": "x"}, [("changed", "a")]),
        ({"a": []}, {"a": []}, []),
    ],
)
def test_a_change_is_told_as_deep_down_as_it_can_be(before: Any, after: Any, expected: list[Any]) -> None:
    assert told(before, after) == expected


def test_a_change_carries_both_values() -> None:
    (change,) = changes_between({"a": 1}, {})
    assert (change.kind, change.before, change.after) == (Kind.REMOVED, 1, MISSING)


def test_long_lists_are_compared_place_by_place_and_fast() -> None:
    begun = time.monotonic()
    assert len(changes_between(list(range(20_000)), list(range(1, 20_001)))) == 20_000
    assert time.monotonic() - begun < 5


def test_a_value_that_json_cannot_carry_is_still_told() -> None:
    assert told({"a": 1}, {"a": 10**30}) == [("changed", "a")]
    assert told({"a": "x"}, {"a": "\ud800"}) == [("changed", "a")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("two nights in Oslo", "three nights in Oslo"),
        ("one\ntwo\nthree\n", "one\nthree\nfour\n"),
        ("", "new"),
        ("old", ""),
        ("가나다 라마", "가나다 바사"),
        ("a " * 5_000, "b " * 5_000),
        ("a\n" * 5_000, "b\n" * 5_000 + "c"),
    ],
)
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = pieces_between(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED) == after


def test_of_a_long_text_only_the_word_that_changed_is_marked() -> None:
    text = "word " * 10_000
    pieces = pieces_between(text + "two nights" + text, text + "six nights" + text)
    assert [piece.text for piece in pieces if piece.kind] == ["two ", "six "]
