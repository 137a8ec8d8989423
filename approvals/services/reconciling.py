"""What the courier found out about a request by looking at its run."""

from datetime import datetime

from django.db import transaction

from approvals.rules.lifecycle import Status
from approvals.services.recording import COURIER, change_status, lock, record


@transaction.atomic
def note_missing(*, request_id: int, at: datetime) -> None:
    """The engine does not know the run. It may again, so this is a mark and nothing more."""
    request = lock(request_id)
    if request.missing_since is None:
        request.missing_since = at
        request.save(update_fields=["missing_since"])
        record(request, actor=COURIER, code="request.missing", at=at)


@transaction.atomic
def note_found(*, request_id: int, at: datetime) -> None:
    """The engine knows the run again."""
    request = lock(request_id)
    if request.missing_since is not None:
        data = {"missing_since": str(request.missing_since)}
        request.missing_since = None
        request.save(update_fields=["missing_since"])
        record(request, actor=COURIER, code="request.found", at=at, data=data)


@transaction.atomic
def withdraw_ended(*, request_id: int, at: datetime, reason: str) -> None:
    """The run has ended and waits for nobody. A request that was settled meanwhile stays as it is."""
    request = lock(request_id)
    if request.is_pending:
        change_status(request, Status.WITHDRAWN, actor=COURIER, at=at, data={"reason": reason})
