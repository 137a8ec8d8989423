"""How far an upgrade has come, as it shows from outside."""

from collections.abc import Mapping
from enum import StrEnum


class Step(StrEnum):
    """What bringing a new version takes, in its order."""

    START = "start"
    TRY = "try"
    REGISTER = "register"
    FINISH = "finish"
    REMOVE = "remove"


class Progress(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


def progress_of(*, old: int, drained: int, pinned_to_old: int) -> Mapping[Step, Progress]:
    """Return how far each step is.

    Args:
        old: how many deployments have a service with newer code elsewhere.
        drained: how many nothing depends on.
        pinned_to_old: how many runs go on with old code.
    """
    begun = bool(old or drained)
    first = Progress.DONE if begun else Progress.NOW
    following = Progress.DONE if begun else Progress.LATER
    waiting = Progress.NOW if pinned_to_old else Progress.DONE
    return {
        Step.START: first,
        Step.TRY: following,
        Step.REGISTER: following,
        Step.FINISH: waiting if begun else Progress.LATER,
        Step.REMOVE: Progress.NOW if drained else Progress.LATER,
    }
