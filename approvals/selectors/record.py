"""What stands on the record: of one request, and lately of any."""

from datetime import datetime, timedelta
from typing import Final

from approvals.models import ApprovalRequest, AuditEvent, Decision

# A line is seen a little later than it is dated, when its transaction ends, and clocks differ a little.
_LATER: Final = timedelta(seconds=5)
_TOLD_ONE_BY_ONE: Final = 50  # lines of the record


def every_decision_on(request: ApprovalRequest) -> list[Decision]:
    """Return each decision, oldest first, those that were taken back included."""
    return list(request.decisions.select_related("reviewer"))


def changed_since(moment: datetime) -> set[int] | None:
    """Return the requests that a page which was made then may show as they were before, whoever may see them.

    None when they are too many to be told one by one.
    """
    latest = list(AuditEvent.objects.order_by("-pk").values_list("request_id", "at")[:_TOLD_ONE_BY_ONE])
    changed = {request_id for request_id, at in latest if at >= moment - _LATER}
    is_all = len(latest) < _TOLD_ONE_BY_ONE or latest[-1][1] < moment - _LATER
    return changed if is_all else None
