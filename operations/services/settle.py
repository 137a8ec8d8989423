"""Settling a wait that nobody announced: resolve it with a value, or reject it with a text."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone
from pydantic import JsonValue

from approvals import errors
from approvals.errors import ApprovalError
from approvals.models import Decision
from approvals.rules.found_wait import FoundWait
from approvals.services.found import reject_wait, resolve_wait
from operations.errors import ChangedMeanwhile, InvalidInput, NoSuchRun, NotAllowed, NotToSettle, Unheard
from operations.rules.roles import Permission
from operations.rules.waits import Standing
from operations.selectors.waits import WaitSeen, story_of, wait_seen
from operations.services.recording import About, recorded
from restate_bridge.errors import BridgeError
from restate_bridge.ids import MalformedId

# As the engine's own refusals are recorded.
_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is to be done with a wait, and why.

    Attributes:
        value: what resolves it.
        text: what rejects it; None for what resolves.
        typed: the name of the run's service, which confirms.
        seen: the digest of tool and arguments that were shown.
    """

    reason: str
    typed: str
    seen: str
    value: JsonValue = None
    text: str | None = None

    @property
    def verb(self) -> str:
        """What it is called in the record."""
        return "resolve" if self.text is None else "reject"


def settle_wait(*, operator: User, awakeable_id: str, settlement: Settlement) -> Decision:
    """Decide a wait, and queue the answer to be sent by the courier. The operators' record has a line before and after.

    Raises:
        NotAllowed, NoSuchRun, InvalidInput: nothing was done, and nothing recorded.
        ChangedMeanwhile: what the run's journal tells is not what was shown.
        NotToSettle: it can't be settled, or somebody was first.
        Unheard: the engine gave no answer about the run, so nothing was done.
    """
    # Nobody answers what they can't see.
    for needed in (Permission.SETTLE_WAIT, Permission.VIEW_PAYLOAD):
        if not operator.has_perm(needed):
            raise NotAllowed(needed)
    seen, wait = _guarded(operator, awakeable_id, settlement)
    about = About(seen.run.target, wait.invocation_id)
    asked: dict[str, Any] = {"awakeable": awakeable_id, "state": seen.run.state}
    asked |= {"value": settlement.value} if settlement.text is None else {"text": settlement.text}
    with recorded(operator, f"wait.{settlement.verb}", about, reason=settlement.reason, data=asked) as action:
        try:
            decision = _decide(operator, wait, settlement)
        except ApprovalError as error:
            action.answered({"status": _CONFLICT, "text": str(error)})
            raise _refusal(error) from error
        action.answered({"request": decision.request_id, "decision": str(decision.pk)})
    return decision


def _guarded(operator: User, awakeable_id: str, settlement: Settlement) -> tuple[WaitSeen, FoundWait]:
    """Return the wait and what its run's journal tells, if it can be settled now."""
    if not settlement.reason.strip():
        raise InvalidInput("reason")
    try:
        seen = wait_seen(operator, awakeable_id, now=timezone.now())
        if seen is None:
            raise NoSuchRun(awakeable_id)
        if settlement.typed.strip() != seen.run.service:
            raise InvalidInput("typed")
        if not seen.can_be_settled:
            raise NotToSettle(seen.standing)
        wait = story_of(seen)
    except MalformedId as error:
        raise NoSuchRun(awakeable_id) from error
    except BridgeError as error:
        raise Unheard(str(error)) from error
    if settlement.seen != wait.digest:
        raise ChangedMeanwhile(awakeable_id)
    return seen, wait


def _decide(operator: User, wait: FoundWait, settlement: Settlement) -> Decision:
    reason, text = settlement.reason, settlement.text
    if text is None:
        return resolve_wait(operator=operator, wait=wait, value=settlement.value, reason=reason)
    return reject_wait(operator=operator, wait=wait, text=text, reason=reason)


def _refusal(error: ApprovalError) -> Exception:
    match error:
        case errors.AlreadySettled():
            return NotToSettle(Standing.SETTLED, error.request)
        case errors.AnnouncedMeanwhile():
            return NotToSettle(Standing.ANNOUNCED, error.request)
        case errors.NotAuthorised():
            return NotToSettle(Standing.HELD)
        case errors.ChangedMeanwhile():
            return ChangedMeanwhile(str(error))
    return InvalidInput(getattr(error, "field", "reason"))
