"""How alike two calls of a tool are."""

import time
from typing import Any

import pytest

from approvals.rules.likeness import NEARLY, Difference, likeness_of

CLAIM: dict[str, Any] = {
    "claim": {"amount": 1800.0, "category": "hotel", "date": "2026-04-24", "reason": "Business trip, 5 nights"}
}


def claim(**changes: Any) -> dict[str, Any]:
    return {"claim": CLAIM["claim"] | changes}


def share(then: dict[str, Any], now: dict[str, Any]) -> float:
    found = likeness_of(then, now)
    assert found is not None
    return found.share


def test_the_same_is_the_same_however_a_store_has_written_it() -> None:
    found = likeness_of(claim(amount=1800), dict(reversed(CLAIM.items())))
    assert found is not None
    assert (found.share, found.differences) == (1.0, ())
    assert share({}, {}) == 1.0


def test_a_near_number_and_a_near_text_make_nearly_the_same() -> None:
    found = likeness_of(claim(amount=1650.0, reason="Business trip, 4 nights"), CLAIM)
    assert found is not None
    assert NEARLY <= found.share < 1
    assert found.differences == (
        Difference("claim.amount", 1650.0, 1800.0),
        Difference("claim.reason", "Business trip, 4 nights", "Business trip, 5 nights"),
    )


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"to": "anna@example.org", "amount": 5}, {"to": "zzz", "amount": 9_000}),
        ({"on": True}, {"on": 1}),
        ({"n": 5}, {"n": -5}),
        ({"a": 1}, {"b": 1}),
        ({"a": None}, {"a": "x"}),
    ],
)
def test_far_numbers_other_texts_and_other_kinds_have_nothing_in_common(then: Any, now: Any) -> None:
    assert share(then, now) < 0.1


def test_items_of_lists_are_compared_one_by_one_and_missing_ones_differ() -> None:
    found = likeness_of({"rows": ["a", "b", "c"], "empty": []}, {"rows": ["a", "b"], "empty": []})
    assert found is not None
    assert found.share == 0.75
    assert found.differences == (Difference("rows.2", "c", None),)


def test_long_texts_that_begin_alike_are_not_taken_for_the_same() -> None:
    found = likeness_of({"text": "a" * 500 + "b"}, {"text": "a" * 500 + "c"})
    assert found is not None
    assert found.share == 0.99
    assert len(found.differences) == 1


def test_too_many_values_are_not_compared_and_deep_ones_do_no_harm() -> None:
    assert likeness_of({"rows": list(range(5_000))}, {"rows": []}) is None
    deep: Any = "inside"
    for _ in range(50):
        deep = {"in": [deep]}
    assert share({"deep": deep}, {"deep": deep}) == 1.0


def test_the_worst_that_is_compared_takes_a_bounded_time() -> None:
    then: dict[str, Any] = {f"text {n}": "ab" * 5_000 for n in range(200)}
    now: dict[str, Any] = {f"text {n}": "ba" * 5_000 for n in range(200)}
    began = time.perf_counter()
    assert likeness_of(then, now) is not None
    assert time.perf_counter() - began < 1
