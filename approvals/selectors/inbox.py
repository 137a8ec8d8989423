"""The queues of the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from approvals.models import ApprovalRequest, Decision
from approvals.rules.lifecycle import Status
from approvals.selectors.access import requests_visible_to
from restate_bridge.contract import Outcome

PAGE_SIZE: Final = 50


class Queue(StrEnum):
    """Which requests a list shows."""

    MINE = "mine"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a queue.

    Attributes:
        waiting: how many requests wait for this person, whatever queue is shown.
        older_than: where the next page starts, None on the last one.
    """

    queue: Queue
    requests: Sequence[ApprovalRequest]
    waiting: int
    older_than: int | None


def waiting_for(user: User) -> QuerySet[ApprovalRequest]:
    """Return what ``user`` can decide now: pending, in their groups, not their own, not yet approved by them."""
    through = ApprovalRequest.groups.through
    mine = through.objects.filter(approvalrequest=OuterRef("pk"), group__user=user)
    approved = _standing_approvals().filter(request=OuterRef("pk"), reviewer=user)
    return ApprovalRequest.objects.filter(Exists(mine), ~Exists(approved), status=Status.PENDING).exclude(
        requester=user.username
    )


def _standing_approvals() -> QuerySet[Decision]:
    """Return the approvals that count: those after which nobody agreed to other arguments (see `rules.quorum`)."""
    approvals = Decision.objects.filter(outcome=Outcome.APPROVED, taken_back_at=None)
    later = approvals.filter(request=OuterRef("request"), decided_at__gt=OuterRef("decided_at"))
    return approvals.exclude(Exists(later.exclude(digest=OuterRef("digest"))))


def queue_page(user: User, queue: Queue, *, older_than: int | None = None) -> QueuePage:
    """Return one page of a queue, newest first, with the number of approvals on each request (`approved`)."""
    requests = waiting_for(user)
    waiting = requests.count()
    if queue is Queue.DECIDED:
        requests = requests_visible_to(user).exclude(status=Status.PENDING)
    if older_than is not None:
        requests = requests.filter(pk__lt=older_than)
    counted = _standing_approvals().filter(request=OuterRef("pk")).order_by().values("request")
    approved = Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
    rows = list(
        requests.annotate(approved=approved)
        .select_related("delivery__decision")
        .defer("context", "arguments_schema", "arguments", "delivery__decision__arguments", "delivery__result")
        .order_by("-pk")[: PAGE_SIZE + 1]
    )
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return QueuePage(queue=queue, requests=rows, waiting=waiting, older_than=rows[-1].pk if more else None)
