"""One request, for one person."""

from django.contrib.auth.models import User
from django.http import Http404

from approvals.models import ApprovalRequest, AuditEvent
from approvals.selectors.access import requests_visible_to


def get_request_for(user: User, request_id: int) -> ApprovalRequest:
    """Return a request that ``user`` may see, with its groups and delivery.

    Raises:
        Http404: there is none, or it is not for this person; the two look the same from outside.
    """
    found = (
        requests_visible_to(user)
        .select_related("delivery", "announced_by", "superseded_by")
        .prefetch_related("groups")
        .filter(pk=request_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def requests_of_run(user: User, invocation_id: str) -> list[ApprovalRequest]:
    """Return the requests that a run made, as far as ``user`` may see them."""
    return list(requests_visible_to(user).filter(invocation_id=invocation_id))


def events_of(request: ApprovalRequest) -> list[AuditEvent]:
    """Return the request's record, oldest first."""
    return list(request.events.all())
