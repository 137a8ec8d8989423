"""The requests that may have something to do with one: found by indexes, so many of each kind at most."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from approvals.models import ApprovalRequest
from approvals.rules.lifecycle import Status
from approvals.selectors.access import requests_visible_to

#: How many settled requests of the tool are looked through, newest first.
MOST_SETTLED: Final = 200
# The same arguments again and again: any of them will do, the latest are among the settled ones.
_MOST_SAME: Final = 50
# What came after it: the newest of all, and what waits for the same requester or was asked by the same run.
_MOST_LATER: Final = 300
_MOST_WAITING: Final = 200


@dataclass(frozen=True, slots=True)
class Related:
    """What is known of another request without its large columns.

    Attributes:
        visible: whether the viewer may see it; of others, nothing may be told but that there are some.
    """

    pk: int
    agent: str
    tool: str
    status: str
    settled_at: datetime | None
    digest: str
    schema_digest: str
    announced_by_id: int | None
    service: str
    key: str
    session_id: str
    invocation_id: str
    together: str
    title: str
    visible: bool

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        return reverse("approvals:request", args=[self.pk])

    @property
    def is_decided(self) -> bool:
        """Whether it was settled by a decision, an expiry included; withdrawn ones were not."""
        return self.status not in (Status.PENDING, Status.WITHDRAWN)


_COLUMNS: Final = tuple(Related.__dataclass_fields__)


def related_to(user: User, request: ApprovalRequest) -> list[Related]:
    """Return the requests around one, newest first, in one query that reads indexes and never the whole table."""
    others = ApprovalRequest.objects.exclude(pk=request.pk)
    about = Q(tool=request.tool) | _same_session(request)
    found = (
        others.filter(about, pk__in=_candidates(request))
        .annotate(visible=Exists(requests_visible_to(user).filter(pk=OuterRef("pk"))))
        .order_by("-pk")
        .values_list(*_COLUMNS)
    )
    return [Related(*row) for row in found]


class _Id(TypedDict):
    pk: int


def _candidates(request: ApprovalRequest) -> QuerySet[ApprovalRequest, _Id]:
    requests = ApprovalRequest.objects.order_by().values("pk")
    settled = requests.exclude(status=Status.PENDING)
    if request.settled_at is not None:
        settled = settled.filter(settled_at__lt=request.settled_at)
    same_run = requests.filter(invocation_id=request.invocation_id)
    waiting = requests.filter(requester=request.requester, status=Status.PENDING)
    return same_run[:_MOST_WAITING].union(
        settled.filter(tool=request.tool).order_by("-settled_at")[:MOST_SETTLED],
        settled.filter(digest=request.digest)[:_MOST_SAME],
        requests.filter(pk__gt=request.pk).order_by("-pk")[:_MOST_LATER],
        waiting[:_MOST_WAITING],
    )


def is_same_session(one: Related, request: ApprovalRequest) -> bool:
    """Tell whether ``one`` belongs to the session of ``request``."""
    if one.invocation_id == request.invocation_id:
        return True
    named = bool(request.session_id) and one.session_id == request.session_id
    keyed = bool(request.key) and (one.service, one.key) == (request.service, request.key)
    return one.announced_by_id == request.announced_by_id and (named or keyed)


def _same_session(request: ApprovalRequest) -> Q:
    """Return the condition that a request belongs to the same session, by its name or by the key of the object."""
    same = Q(invocation_id=request.invocation_id)
    if request.session_id:
        same |= Q(announced_by=request.announced_by_id, session_id=request.session_id)
    if request.key:
        same |= Q(announced_by=request.announced_by_id, service=request.service, key=request.key)
    return same
