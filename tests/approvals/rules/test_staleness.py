"""When a pending request is out of date."""

import pytest

from approvals.rules.staleness import Facts, Stale, stale_because

WEEK = 7 * 86_400.0


def test_nothing_is_wrong_with_a_fresh_request_of_which_nothing_else_is_known() -> None:
    assert stale_because(Facts(age=60, stale_age=WEEK)) == []


@pytest.mark.parametrize(("age", "stale"), [(WEEK - 1, []), (WEEK, [Stale.AGE]), (2 * WEEK, [Stale.AGE])])
def test_a_request_is_old_from_the_set_age_on(age: float, stale: list[Stale]) -> None:
    assert stale_because(Facts(age=age, stale_age=WEEK)) == stale


@pytest.mark.parametrize(
    ("then", "now", "changed"), [("a", "b", True), ("a", "a", False), ("", "b", False), ("a", "", False)]
)
def test_a_schema_or_a_deployment_has_changed_only_when_both_are_known(then: str, now: str, changed: bool) -> None:
    schema = Facts(age=0, stale_age=WEEK, schema=then, newest_schema=now)
    deployment = Facts(age=0, stale_age=WEEK, deployment=then, newest_deployment=now)
    assert stale_because(schema) == [Stale.SCHEMA] * changed
    assert stale_because(deployment) == [Stale.DEPLOYMENT] * changed


def test_everything_at_once_is_said_in_the_order_of_what_matters() -> None:
    facts = Facts(
        age=WEEK,
        stale_age=WEEK,
        schema="a",
        newest_schema="b",
        deployment="c",
        newest_deployment="d",
        went_on=True,
        decided_before=True,
    )
    assert stale_because(facts) == [Stale.DECIDED, Stale.SESSION, Stale.SCHEMA, Stale.DEPLOYMENT, Stale.AGE]
