"""Whether a deployment is still needed, and how far an upgrade has come."""

from datetime import UTC, datetime

import pytest

from operations.rules.draining import Need, Standing, confirmation_for, standings
from operations.rules.upgrading import Progress, progress_of
from restate_bridge.deployments import Deployment, latest_revisions
from restate_bridge.listed_run import RunState


def deployment(name: str, **services: int) -> Deployment:
    return Deployment(name, f"http://{name}:9080/", datetime(2026, 1, 1, tzinfo=UTC), services=services)


def stand(pinned: dict[str, dict[str, dict[RunState, int]]], *deployments: Deployment) -> list[Standing]:
    return standings(deployments, latest_revisions(deployments), pinned)


def test_what_holds_the_newest_code_is_needed_by_new_runs() -> None:
    (only,) = stand({}, deployment("only", Claims=1))
    assert (only.needs, only.newest, only.is_old, only.is_drained) == ([Need.NEW_RUNS], ["Claims"], False, False)


def test_what_old_runs_go_on_with_is_needed_by_them_until_they_have_ended() -> None:
    both = deployment("new", Claims=2), deployment("old", Claims=1)
    _, old = stand({"old": {"Claims": {RunState.WAITING: 2, RunState.PAUSED: 1}}}, *both)
    assert (old.needs, old.runs, old.waiting, old.is_old) == ([Need.OLD_RUNS], 3, 2, True)
    _, old = stand({}, *both)
    assert old.is_drained


def test_what_still_holds_the_newest_code_of_one_service_is_old_and_not_drained() -> None:
    _, old = stand({}, deployment("new", Claims=2), deployment("old", Claims=1, Weather=1))
    assert (old.newest, old.is_old, old.needs) == (["Weather"], True, [Need.NEW_RUNS])


def test_a_run_is_outdated_by_newer_code_for_its_own_service_alone() -> None:
    both = deployment("new", Claims=2), deployment("old", Claims=1, Weather=1)
    pinned = {"Weather": {RunState.WAITING: 3}, "Claims": {RunState.WAITING: 1, RunState.ASLEEP: 1}}
    new, old = stand({"old": pinned, "new": {"Claims": {RunState.RUNNING: 1}}}, *both)
    assert (old.runs, old.waiting, old.outdated_runs, old.outdated[RunState.WAITING]) == (5, 4, 2, 1)
    assert (new.runs, new.outdated_runs) == (1, 0)
    _, old = stand({"old": {"Weather": {RunState.WAITING: 3}}}, *both)
    assert (old.outdated_runs, old.needs) == (0, [Need.NEW_RUNS, Need.OLD_RUNS])


def test_a_run_whose_service_an_overwritten_deployment_has_no_longer_is_outdated() -> None:
    (only,) = stand({"only": {"Gone": {RunState.RETRYING: 1}}}, deployment("only", Claims=1))
    assert only.outdated_runs == 1


def test_what_holds_no_service_is_drained() -> None:
    (empty,) = stand({}, deployment("empty"))
    assert empty.is_drained


@pytest.mark.parametrize(
    ("uri", "typed"),
    [
        ("http://127.0.0.1:9080/", "127.0.0.1:9080"),
        ("https://agents.example/v2/", "agents.example/v2"),
        ("arn:aws:lambda:eu:1:function:claims:7", "arn:aws:lambda:eu:1:function:claims:7"),
    ],
)
def test_the_address_is_what_is_typed(uri: str, typed: str) -> None:
    assert confirmation_for(uri) == typed


@pytest.mark.parametrize(
    ("old", "drained", "pinned", "steps"),
    [
        (0, 0, 0, ["now", "later", "later", "later", "later"]),
        (1, 0, 20, ["done", "done", "done", "now", "later"]),
        (1, 1, 0, ["done", "done", "done", "done", "now"]),
        (2, 1, 3, ["done", "done", "done", "now", "now"]),
    ],
)
def test_an_upgrade_is_followed_from_step_to_step(old: int, drained: int, pinned: int, steps: list[str]) -> None:
    assert list(progress_of(old=old, drained=drained, pinned_to_old=pinned).values()) == [
        Progress(step) for step in steps
    ]
