"""One request, for one person."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.http import Http404

from approvals.models import ApprovalRequest, AuditEvent, Decision
from approvals.rules.eligibility import Obstacle, obstacle_for
from approvals.selectors.access import requests_visible_to
from approvals.selectors.decisions import electorate_of


def get_request_for(user: User, request_id: int) -> ApprovalRequest:
    """Return a request that ``user`` may see, with its groups, decisions and delivery.

    Raises:
        Http404: there is none, or it is not for this person; the two look the same from outside.
    """
    decisions = Prefetch("decisions", Decision.objects.select_related("reviewer"))
    found = (
        requests_visible_to(user)
        .select_related("delivery", "announced_by", "superseded_by")
        .prefetch_related("groups", decisions)
        .filter(pk=request_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def obstacle_of(user: User, request: ApprovalRequest) -> Obstacle | None:
    """Return what keeps ``user`` from deciding, None when nothing does."""
    return obstacle_for(user.username, group_ids_of(user), electorate_of(request))


def group_ids_of(user: User) -> Collection[int]:
    """Return the ids of the groups that ``user`` belongs to."""
    return set(user.groups.values_list("pk", flat=True))


def events_of(request: ApprovalRequest) -> list[AuditEvent]:
    """Return the request's record, oldest first."""
    return list(request.events.all())
