"""One request, for one person."""

from collections.abc import Collection
from typing import Final

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.http import Http404

from approvals.models import ApprovalRequest, AuditEvent, Delivery, Escalation, Snooze
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
    before the restart was approved and done. `newest_event` is the newest line of its record, `snoozed_until` until
    when ``user`` has snoozed it.

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
    snoozed = Snooze.objects.filter(request=OuterRef("pk"), user=user, until__gt=Now()).values("until")
    found = (
        visible.annotate(
            restarted_as=ArraySubquery(restarts),
            linked=ArraySubquery(linked),
            carried_out_before=Exists(carried_out),
            # Read before all else that the page shows, so that nothing counts as shown which is not.
            newest_event=newest_event(),
            snoozed_until=Subquery(snoozed),
        )
        .select_related("delivery__decision__kept_from", "superseded_by", "supersedes", "restarted_from", "claimed_by")
        .defer(*_OF_ANOTHER)
        .prefetch_related("groups")
        .filter(pk=request_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def newest_event() -> Subquery:
    """Return the newest line of a request's record, for requests to be annotated with."""
    return Subquery(AuditEvent.objects.filter(request=OuterRef("pk")).order_by("-pk").values("pk")[:1])


def requests_by_id(user: User, request_ids: Collection[int]) -> dict[int, ApprovalRequest]:
    """Return those of the requests that ``user`` may see."""
    visible = requests_visible_to(user).defer("context", "arguments", "arguments_schema", "reason")
    return visible.in_bulk(request_ids)


def events_of(request: ApprovalRequest) -> list[AuditEvent]:
    """Return the request's record, oldest first."""
    return list(request.events.all())


def escalations_of(request: ApprovalRequest) -> list[Escalation]:
    """Return the stages of a request that waits, in the order of their times."""
    return list(request.escalations.all()) if request.is_pending else []
