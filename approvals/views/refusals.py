"""Why a decision was refused, in words for the person who made it."""

from collections.abc import Sequence
from typing import Final

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.errors import (
    AlreadySettled,
    ApprovalError,
    ChangedMeanwhile,
    ChangedSince,
    InvalidInput,
    NotAuthorised,
    NothingToTakeBack,
    OnItsWay,
)
from approvals.models import AuditEvent
from approvals.people import display_name
from approvals.presentation.news import changes_in_words
from approvals.presentation.words import problem_in_words, state_in_words
from approvals.rules.eligibility import Obstacle
from approvals.rules.lifecycle import Status
from approvals.rules.wording import worded
from approvals.selectors.decisions import is_settled_by, settling_decision_of
from approvals.selectors.people import names_of
from restate_bridge.contract import Outcome
from restate_bridge.endings import Ended
from restate_bridge.introspection import Ending

OBSTACLES: Final = {
    Obstacle.NOT_A_REVIEWER: lazy("Only members of the groups named under “Who decides” can decide this."),
    Obstacle.OWN_REQUEST: lazy("This was started on your behalf, so somebody else has to decide it."),
    Obstacle.ALREADY_APPROVED: lazy("You have approved this. It waits for somebody else's approval too."),
    Obstacle.HELD: lazy("An operator holds this request. Nobody can decide it until they let it go on."),
}

#: How a run has ended, as the reason for withdrawing its request: kept in English, translated when it is shown.
ENDINGS: Final = {
    Ending.KILLED: worded("the run was killed"),
    Ending.CANCELLED: worded("the run was cancelled"),
    Ending.FAILED: worded("the run has failed"),
    Ending.COMPLETED: worded("the run has ended"),
}


_NOBODY_WAITS: Final = {
    Ending.KILLED: lazy("The run was killed, so nobody waits for this decision any more. Nothing was decided."),
    Ending.CANCELLED: lazy("The run was cancelled, so nobody waits for this decision any more. Nothing was decided."),
    Ending.FAILED: lazy("The run has failed, so nobody waits for this decision any more. Nothing was decided."),
    Ending.COMPLETED: lazy("The run has ended, so nobody waits for this decision any more. Nothing was decided."),
}


def refusal_besides(error: ApprovalError) -> tuple[int, str]:
    """Return the HTTP status and the sentence for a refused verb that would have decided nothing."""
    match error:
        case NotAuthorised():
            return 403, str(OBSTACLES[error.obstacle])
        case AlreadySettled():
            return 409, _("The request waits no longer, so nothing was changed.")
        case InvalidInput():
            return 422, _as_sentence(problem_in_words(error))
        case _:
            return refusal_for(error)


def refusal_for(error: ApprovalError) -> tuple[int, str]:
    """Return the HTTP status and the sentence for a refused decision."""
    match error:
        case NotAuthorised():
            return 403, _("%(problem)s Nothing was decided.") % {"problem": OBSTACLES[error.obstacle]}
        case AlreadySettled():
            return 409, _who_was_first(error)
        case ChangedMeanwhile():
            return 409, _(
                "Another reviewer changed the arguments while you were reading. Look again: nothing was decided."
            )
        case ChangedSince():
            return 409, _what_changed(error)
        case NothingToTakeBack():
            return 403, _("There is no decision of yours here that could be taken back. Nothing was changed.")
        case OnItsWay():
            return 409, _("It is on its way to the agent and can't be taken back.")
        case InvalidInput():
            return 422, _not_decided(problem_in_words(error))
        case _:
            return 409, _not_decided(str(error))


def went_through_before(error: ApprovalError, user: User, outcome: Outcome) -> bool:
    """Tell whether a decision is refused because the very same person has made it already.

    It is sent again when the answer to the first time was lost, or the page that told it is loaded anew.
    """
    return isinstance(error, AlreadySettled) and is_settled_by(user, error.request, outcome)


def refusal_for_ended(ended: Ended) -> str:
    """Return the sentence for a decision that no run waits for."""
    if ended.how is None:
        return _("Restate does not know the run any more, so this decision could not reach it. Nothing was decided.")
    return str(_NOBODY_WAITS[ended.how])


def _not_decided(problem: str) -> str:
    return _("%(problem)s Nothing was decided.") % {"problem": _as_sentence(problem)}


def _as_sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:]}."


def told(changes: Sequence[AuditEvent]) -> list[str]:
    """Return what others did, a sentence for each."""
    people = {change.actor.removeprefix("user:") for change in changes}
    return changes_in_words(changes, names_of(people) if people else {}, timezone.localtime())


def _what_changed(error: ChangedSince) -> str:
    return _("%(changes)s Look again: your decision was not counted yet, and counts when you send it once more.") % {
        "changes": " ".join(told(error.changes))
    }


def _who_was_first(error: AlreadySettled) -> str:
    decision = settling_decision_of(error.request)
    if decision is None and error.request.status != Status.WITHDRAWN:
        return _("Somebody had decided this and has just taken it back. Look again: your decision was not counted.")
    if decision is None:
        return _("The agent no longer waits: the request was withdrawn. Your decision was not counted.")
    if decision.reviewer is None:
        return _("The deadline has passed. Your decision was not counted.")
    return _("%(name)s was first. %(state)s: your decision was not counted.") % {
        "name": display_name(decision.reviewer),
        "state": state_in_words(error.request.status),
    }
