"""What the courier has to do."""

from datetime import datetime

from approvals.models import ApprovalRequest, Delivery
from approvals.rules.lifecycle import Status


def next_due() -> datetime | None:
    """Return when the next delivery or deadline is due; None for nothing in sight."""
    delivery = Delivery.objects.filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()
    deadline = (
        ApprovalRequest.objects.filter(status=Status.PENDING, deadline_at__isnull=False)
        .order_by("deadline_at")
        .values_list("deadline_at", flat=True)
        .first()
    )
    return min((time for time in (delivery, deadline) if time is not None), default=None)
