"""Why a decision was refused, in words for the person who made it."""

from typing import Final

from approvals.errors import (
    AlreadySettled,
    ApprovalError,
    ChangedMeanwhile,
    InvalidInput,
    NotAuthorised,
    NothingToTakeBack,
    OnItsWay,
)
from approvals.people import display_name
from approvals.rules.eligibility import Obstacle
from approvals.rules.lifecycle import Status
from approvals.selectors.decisions import settling_decision_of
from restate_bridge.endings import Ended
from restate_bridge.introspection import Ending

OBSTACLES: Final = {
    Obstacle.NOT_A_REVIEWER: "Only members of the groups named under “Who decides” can decide this.",
    Obstacle.OWN_REQUEST: "This was started on your behalf, so somebody else has to decide it.",
    Obstacle.ALREADY_APPROVED: "You have approved this. It waits for somebody else's approval too.",
}

#: How a run has ended, as the reason for withdrawing its request.
ENDINGS: Final = {
    Ending.KILLED: "the run was killed",
    Ending.CANCELLED: "the run was cancelled",
    Ending.FAILED: "the run has failed",
    Ending.COMPLETED: "the run has ended",
}


def refusal_for(error: ApprovalError) -> tuple[int, str]:
    """Return the HTTP status and the sentence for a refused decision."""
    match error:
        case NotAuthorised():
            return 403, f"{OBSTACLES[error.obstacle]} Nothing was decided."
        case AlreadySettled():
            return 409, _who_was_first(error)
        case ChangedMeanwhile():
            return (
                409,
                "Another reviewer changed the arguments while you were reading. Look again: nothing was decided.",
            )
        case NothingToTakeBack():
            return 403, "There is no decision of yours here that could be taken back. Nothing was changed."
        case OnItsWay():
            return 409, "It is on its way to the agent and can't be taken back."
        case InvalidInput():
            return 422, f"{str(error).capitalize()}. Nothing was decided."
        case _:
            return 409, f"{error}. Nothing was decided."


def refusal_for_ended(ended: Ended) -> str:
    """Return the sentence for a decision that no run waits for."""
    if ended.how is None:
        return "Restate does not know the run any more, so this decision could not reach it. Nothing was decided."
    return f"{ENDINGS[ended.how].capitalize()}, so nobody waits for this decision any more. Nothing was decided."


def _who_was_first(error: AlreadySettled) -> str:
    decision = settling_decision_of(error.request)
    if decision is None and error.request.status != Status.WITHDRAWN:
        return "Somebody had decided this and has just taken it back. Look again: your decision was not counted."
    if decision is None:
        return "The agent no longer waits: the request was withdrawn. Your decision was not counted."
    if decision.reviewer is None:
        return "The deadline has passed. Your decision was not counted."
    who = display_name(decision.reviewer)
    return f"{who} was first: the request is already {error.request.status}. Your decision was not counted."
