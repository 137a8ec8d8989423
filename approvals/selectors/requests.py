"""One request, for one person."""

from typing import Final

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from approvals.models import ApprovalRequest, AuditEvent, Delivery, Escalation
from approvals.rules.lifecycle import DeliveryState, Status
from approvals.selectors.access import requests_visible_to

# What is large of the requests that one is linked to, and not shown on its page.
_OF_ANOTHER: Final = [
    f"{linked}__{column}"
    for linked in ("superseded_by", "supersedes", "restarted_from")
    for column in ("context", "arguments", "arguments_schema", "reason")
]


def get_request_for(user: User, request_id: int) -> ApprovalRequest:
    """Return a request that ``user`` may see, with its groups, its delivery and what it is linked to.

    `restarted_as` holds the ids of the requests that were made of it when its run was restarted, `linked` those of the
    ones before and after it; both only as far as ``user`` may see them. `carried_out_before` is whether what was asked
    before the restart was approved and done.

    Raises:
        Http404: there is none, or it is not for this person; the two look the same from outside.
    """
    visible = requests_visible_to(user)
    restarts = visible.filter(restarted_from=OuterRef("pk")).order_by("pk").values("pk")
    before_and_after = Q(restarts=OuterRef("pk")) | Q(superseded_by=OuterRef("pk")) | Q(supersedes=OuterRef("pk"))
    linked = visible.filter(before_and_after).values("pk")
    carried_out = Delivery.objects.filter(
        request=OuterRef("restarted_from"), request__status=Status.APPROVED, state=DeliveryState.DONE
    )
    found = (
        visible.annotate(
            restarted_as=ArraySubquery(restarts), linked=ArraySubquery(linked), carried_out_before=Exists(carried_out)
        )
        .select_related("delivery__decision__kept_from", "superseded_by", "supersedes", "restarted_from")
        .defer(*_OF_ANOTHER)
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


def escalations_of(request: ApprovalRequest) -> list[Escalation]:
    """Return the stages of a request that waits, in the order of their times."""
    return list(request.escalations.all()) if request.is_pending else []
