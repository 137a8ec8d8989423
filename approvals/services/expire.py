"""A deadline passes without a decision."""

from datetime import datetime

from django.db import transaction

from approvals.models import ApprovalRequest, Decision
from approvals.rules.lifecycle import Status
from approvals.services.decide import settle
from approvals.services.recording import COURIER, LARGE
from restate_bridge.contract import Outcome


@transaction.atomic
def expire_next_request(*, now: datetime) -> ApprovalRequest | None:
    """Expire one pending request whose deadline has passed by ``now``; None when there is none.

    Several couriers may do this at once: a row that another one holds is skipped.
    """
    request = (
        ApprovalRequest.objects.select_for_update(skip_locked=True)
        .defer(*LARGE)
        .filter(status=Status.PENDING, held_at=None, deadline_at__lte=now)
        .order_by("deadline_at")
        .first()
    )
    if request is None:
        return None
    decision = Decision(request=request, outcome=Outcome.EXPIRED, decided_at=now, settles=True)
    decision.save(force_insert=True)
    settle(decision, actor=COURIER, facts={"decision": str(decision.id), "deadline": str(request.deadline_at)})
    return request
