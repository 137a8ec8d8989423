"""Two people changed the same arguments."""

from typing import Any

import pytest

from approvals.rules.merging import merged

BASE: dict[str, Any] = {"amount": 1800, "reason": "trip", "items": [{"n": 1}, {"n": 2}]}


@pytest.mark.parametrize(
    ("mine", "theirs", "result"),
    [
        ({}, {"amount": 90}, {"amount": 90}),
        ({"reason": "mine"}, {"amount": 90}, {"amount": 90, "reason": "mine"}),
        ({"amount": 5}, {"amount": 90}, {"amount": 5}),
        ({"amount": 90}, {"amount": 90}, {"amount": 90}),
        ({"amount": 1800.0}, {"amount": 90}, {"amount": 90}),
        ({"new": 1}, {"amount": 90}, {"amount": 90, "new": 1}),
        ({"items": [{"n": 1}, {"n": 5}]}, {"items": [{"n": 7}, {"n": 2}]}, {"items": [{"n": 7}, {"n": 5}]}),
        ({"items": [{"n": 2}]}, {"items": [{"n": 1}, {"n": 9}]}, {"items": [{"n": 2}]}),
        ({"items": []}, {"amount": 90}, {"items": [], "amount": 90}),
        ({"items": {"n": 1}}, {"items": None}, {"items": {"n": 1}}),
    ],
)
def test_each_change_is_kept_and_mine_where_both_changed_the_same(
    mine: dict[str, Any], theirs: dict[str, Any], result: dict[str, Any]
) -> None:
    assert merged(BASE, {**BASE, **mine}, {**BASE, **theirs}) == {**BASE, **result}


def test_what_one_of_the_two_took_away_stays_away() -> None:
    without: dict[str, Any] = {"amount": 1800, "items": BASE["items"]}
    assert merged(BASE, without, {**BASE, "amount": 90}) == {"amount": 90, "items": BASE["items"]}
    assert merged(BASE, {**BASE, "amount": 90}, without) == {"amount": 90, "items": BASE["items"]}
