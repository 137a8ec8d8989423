"""What an agent gets for an announcement, and who watches for all of them."""

from typing import Final

from django.conf import settings
from prometheus_client import Counter

from approvals.models import ApprovalRequest
from restate_bridge.contract import Receipt

_ANNOUNCEMENTS: Final = Counter(
    "countersign_announcements", "Announcements taken, new and repeated; what was refused is among the calls.", ["kind"]
)


def receipt_for(request: ApprovalRequest, awakeable_id: str, *, is_new: bool) -> Receipt:
    """Count an announcement that was taken, and return what the agent gets for it."""
    _ANNOUNCEMENTS.labels("new" if is_new else "repeated").inc()
    url = settings.PUBLIC_URL + request.get_absolute_url()
    return Receipt(announcement_id=awakeable_id, request_id=request.pk, url=url)
