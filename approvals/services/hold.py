"""An operator holds a request: nobody decides it and its clock stands still, until they let it go on.

It is for a run that waits and that the engine can't pause: what would wake it is kept from being decided.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from approvals.errors import AlreadySettled
from approvals.models import ApprovalRequest
from approvals.services.recording import by_user, lock, record


@transaction.atomic
def hold_request(*, request_id: int, operator: User, reason: str) -> bool:
    """Keep everybody from deciding a request; tell whether it was not held before.

    Who may do so is for the caller to check.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request.
        AlreadySettled: it waits no more.
    """
    request = _lock_pending(request_id)
    if request.held_at is not None:
        return False
    request.held_at, request.held_by, request.held_for = timezone.now(), by_user(operator), reason
    request.save(update_fields=["held_at", "held_by", "held_for"])
    record(request, actor=by_user(operator), code="request.held", at=request.held_at, data={"reason": reason})
    return True


@transaction.atomic
def unhold_request(*, request_id: int, operator: User, reason: str) -> bool:
    """Let a request be decided again, with the time that it had left; tell whether it was held.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request.
        AlreadySettled: it waits no more.
    """
    request = _lock_pending(request_id)
    if request.held_at is None:
        return False
    now = timezone.now()
    _move_clock(request, now - request.held_at)
    request.held_at, request.held_by, request.held_for = None, "", ""
    request.save(update_fields=["held_at", "held_by", "held_for", "deadline_at", "escalates_at"])
    record(request, actor=by_user(operator), code="request.unheld", at=now, data={"reason": reason})
    return True


def _lock_pending(request_id: int) -> ApprovalRequest:
    request = lock(request_id)
    if not request.is_pending:
        raise AlreadySettled(request)
    return request


def _move_clock(request: ApprovalRequest, later: timedelta) -> None:
    request.deadline_at = _moved(request.deadline_at, later)
    request.escalates_at = _moved(request.escalates_at, later)
    request.escalations.filter(carried_out_at=None).update(due_at=F("due_at") + later)


def _moved(at: datetime | None, later: timedelta) -> datetime | None:
    return at + later if at else None
