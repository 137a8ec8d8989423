"""Nobody has decided for a while: others are asked, and people are reminded."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from approvals.models import ApprovalRequest, Escalation
from approvals.rules.lifecycle import Status
from approvals.services.queues import put_into_queues
from approvals.services.recording import COURIER, LARGE, record


@transaction.atomic
def carry_out_next_escalation(*, now: datetime) -> Escalation | None:
    """Carry out the stage that is due longest by ``now`` of a request that still waits; None when there is none.

    Several couriers may do this at once: a request that another one holds is skipped. A stage whose request's deadline
    has passed as well is left to the deadline.
    """
    request = (
        ApprovalRequest.objects.select_for_update(of=("self",), skip_locked=True)
        .defer(*LARGE)
        .filter(status=Status.PENDING, held_at=None, escalates_at__lte=now)
        .exclude(deadline_at__lte=now)
        .order_by("escalates_at", "pk")
        .first()
    )
    if request is None:
        return None
    stages = list(request.escalations.filter(carried_out_at=None)[:2])
    _carry_out(stages[0], request, now)
    request.escalates_at = stages[1].due_at if len(stages) > 1 else None
    request.save(update_fields=["reminded_at", "escalates_at", "claimed_by", "claimed_at"])
    return stages[0]


def _carry_out(stage: Escalation, request: ApprovalRequest, now: datetime) -> None:
    held = set(request.groups.values_list("name", flat=True))
    found = {group.name: group for group in Group.objects.filter(name__in=[*stage.groups, *stage.remind])}
    added = [name for name in dict.fromkeys(stage.groups) if name in found and name not in held]
    put_into_queues((request, found[name]) for name in added)
    # It is to reach people: whoever said that they take care of it has not done so in time.
    request.claimed_by = request.claimed_at = None
    request.reminded_at = stage.carried_out_at = now
    stage.save(update_fields=["carried_out_at"])
    reminded = [name for name in stage.remind if name in found] if stage.remind else sorted(held.union(added))
    data = {"groups": added, "reminded": reminded}
    if deleted := [name for name in dict.fromkeys([*stage.groups, *stage.remind]) if name not in found]:
        data["deleted"] = deleted
    record(request, actor=COURIER, code="request.escalated" if added else "request.reminded", at=now, data=data)
