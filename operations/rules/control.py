"""What can be done to a run now, and why not the rest."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from restate_bridge.listed_run import ENDED, RunState


class Verb(StrEnum):
    """What an operator can do to a run."""

    PAUSE = "pause"
    RESUME = "resume"
    MOVE = "move"
    RETRY = "retry"
    CANCEL = "cancel"
    KILL = "kill"
    RESTART = "restart"
    PURGE = "purge"


class Obstacle(StrEnum):
    """Why something can't be done to a run now."""

    HAS_ENDED = "has-ended"
    GOES_ON = "goes-on"
    NOT_STARTED = "not-started"
    IS_PAUSED = "is-paused"
    NOT_PAUSED = "not-paused"
    NOT_RETRYING = "not-retrying"
    IS_AT_WORK = "is-at-work"
    HAS_THE_NEWEST = "has-the-newest"
    NEEDS_SCHEDULER = "needs-scheduler"
    CODE_IS_GONE = "code-is-gone"


class Unread(StrEnum):
    """Why there is no state of a run to tell."""

    GONE = "gone"  # the engine does not know the run
    UNKNOWN = "unknown"  # the engine could not be asked


#: What a run came to, as it was read back.
type CameTo = RunState | Unread

#: What loses work or does it again: the operator types the name of the run's service first.
TYPED: Final = frozenset({Verb.KILL, Verb.RESTART})
_NOT_STARTED: Final = frozenset({RunState.QUEUED, RunState.SCHEDULED})
_WAITING: Final = frozenset({RunState.WAITING, RunState.ASLEEP})
#: The states in which a run can be told to go on with other code: none of its steps is under way.
MOVABLE: Final = _WAITING | {RunState.PAUSED}


def obstacle_to(verb: Verb, state: RunState, *, waits_can_be_paused: bool) -> Obstacle | None:
    """Return why ``verb`` can't be done to a run in ``state``; None when it can.

    Args:
        waits_can_be_paused: whether the engine has the scheduler that can pause a run which waits.
    """
    if verb in (Verb.RESTART, Verb.PURGE):
        return None if state in ENDED else Obstacle.GOES_ON
    if state in ENDED:
        return Obstacle.HAS_ENDED
    match verb:
        case Verb.PAUSE:
            return _obstacle_to_pausing(state, waits_can_be_paused=waits_can_be_paused)
        case Verb.MOVE if state not in MOVABLE:
            return Obstacle.NOT_STARTED if state in _NOT_STARTED else Obstacle.IS_AT_WORK
        case Verb.RESUME if state is not RunState.PAUSED:
            return Obstacle.NOT_PAUSED
        case Verb.RETRY if state is not RunState.RETRYING:
            return Obstacle.NOT_RETRYING
    return None


def obstacles_in(state: RunState, *, waits_can_be_paused: bool) -> Mapping[Verb, Obstacle | None]:
    """Return `obstacle_to` for every verb."""
    return {verb: obstacle_to(verb, state, waits_can_be_paused=waits_can_be_paused) for verb in Verb}


def obstacle_to_keeping_code(deployment: str, known: Collection[str]) -> Obstacle | None:
    """Return why a run can't begin anew with the code that it had; None when it can.

    Args:
        deployment: the one that it was pinned to, empty before its first step.
        known: those that are registered.
    """
    return Obstacle.CODE_IS_GONE if deployment and deployment not in known else None


def _obstacle_to_pausing(state: RunState, *, waits_can_be_paused: bool) -> Obstacle | None:
    if state is RunState.PAUSED:
        return Obstacle.IS_PAUSED
    if state in _NOT_STARTED:
        return Obstacle.NOT_STARTED
    return Obstacle.NEEDS_SCHEDULER if state in _WAITING and not waits_can_be_paused else None
