"""What can be done to a run now."""

import pytest

from operations.rules.control import Obstacle, Verb, obstacle_to, obstacles_in
from restate_bridge.listed_run import ENDED, RunState

GOING_ON = set(RunState) - ENDED


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_is_restarted_and_purged_and_nothing_else(state: RunState) -> None:
    possible = {verb for verb, why in obstacles_in(state, waits_can_be_paused=True).items() if why is None}
    assert possible == {Verb.RESTART, Verb.PURGE}


@pytest.mark.parametrize("state", sorted(GOING_ON))
def test_what_goes_on_can_be_ended_and_not_restarted(state: RunState) -> None:
    obstacles = obstacles_in(state, waits_can_be_paused=True)
    assert obstacles[Verb.CANCEL] is obstacles[Verb.KILL] is None
    assert obstacles[Verb.RESTART] is obstacles[Verb.PURGE] is Obstacle.GOES_ON


@pytest.mark.parametrize(
    ("state", "with_scheduler", "without"),
    [
        (RunState.RUNNING, None, None),
        (RunState.RETRYING, None, None),
        (RunState.WAITING, None, Obstacle.NEEDS_SCHEDULER),
        (RunState.ASLEEP, None, Obstacle.NEEDS_SCHEDULER),
        (RunState.PAUSED, Obstacle.IS_PAUSED, Obstacle.IS_PAUSED),
        (RunState.QUEUED, Obstacle.NOT_STARTED, Obstacle.NOT_STARTED),
        (RunState.SCHEDULED, Obstacle.NOT_STARTED, Obstacle.NOT_STARTED),
        (RunState.KILLED, Obstacle.HAS_ENDED, Obstacle.HAS_ENDED),
    ],
)
def test_a_waiting_run_is_paused_only_by_the_scheduler_that_can(
    state: RunState, with_scheduler: Obstacle | None, without: Obstacle | None
) -> None:
    assert obstacle_to(Verb.PAUSE, state, waits_can_be_paused=True) is with_scheduler
    assert obstacle_to(Verb.PAUSE, state, waits_can_be_paused=False) is without


def test_a_run_is_moved_to_newer_code_while_none_of_its_steps_is_under_way() -> None:
    movable = {RunState.WAITING, RunState.ASLEEP, RunState.PAUSED}
    for can_pause in (True, False):
        found = {state: obstacle_to(Verb.MOVE, state, waits_can_be_paused=can_pause) for state in GOING_ON}
        assert {state for state, why in found.items() if why is None} == movable
        assert found[RunState.RUNNING] is found[RunState.RETRYING] is Obstacle.IS_AT_WORK
        assert found[RunState.QUEUED] is Obstacle.NOT_STARTED


def test_only_what_is_paused_is_resumed_and_only_what_failed_is_retried() -> None:
    for state in GOING_ON:
        obstacles = obstacles_in(state, waits_can_be_paused=True)
        assert (obstacles[Verb.RESUME] is None) == (state is RunState.PAUSED)
        assert (obstacles[Verb.RETRY] is None) == (state is RunState.RETRYING)
