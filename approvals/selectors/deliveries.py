"""What the courier's rounds have to do next."""

from datetime import datetime

from approvals.models import ApprovalRequest, Delivery
from approvals.rules.lifecycle import DeliveryState, Status


def next_delivery_due() -> datetime | None:
    """Return when the next decision is to be sent; None when none is queued."""
    queued = Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__isnull=False)
    return queued.order_by("due_at").values_list("due_at", flat=True).first()


def next_deadline_due() -> datetime | None:
    """Return when the next deadline passes or the next escalation is due; None for nothing in sight."""
    pending = ApprovalRequest.objects.filter(status=Status.PENDING, held_at=None)
    deadlines = pending.filter(deadline_at__isnull=False).order_by("deadline_at").values_list("deadline_at", flat=True)
    stages = pending.filter(escalates_at__isnull=False).order_by("escalates_at").values_list("escalates_at", flat=True)
    return _earliest(deadlines.first(), stages.first())


def next_check_due() -> datetime | None:
    """Return when the next request or delivery is to be compared with the engine; None for nothing in sight."""
    pending = ApprovalRequest.objects.filter(check_at__isnull=False)
    request = pending.order_by("check_at").values_list("check_at", flat=True).first()
    on_the_way = Delivery.objects.filter(due_at__isnull=False).exclude(state=DeliveryState.QUEUED)
    delivery = on_the_way.order_by("due_at").values_list("due_at", flat=True).first()
    return _earliest(request, delivery)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
