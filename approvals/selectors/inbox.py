"""What the list on the left shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.db.models import Count, DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from approvals.models import ApprovalRequest, Comment, Decision, KnownTool, SavedView, Snooze
from approvals.rules.queue_query import Queue, QueueQuery
from approvals.selectors.counting import counts_of
from approvals.selectors.narrowing import Asker, tools_for
from approvals.selectors.paging import Cursor, order_of, page_of
from approvals.selectors.planning import planned_for_values
from approvals.selectors.presence import lookers_of
from approvals.selectors.queues import groups_of, parts_of, standing_approvals
from approvals.selectors.requests import newest_event
from approvals.selectors.saved_views import views_for
from approvals.selectors.searching import search_page
from restate_bridge.contract import Outcome

_MOST_TOOLS: Final = 200
_LARGE: Final = (
    "context",
    "arguments_schema",
    "arguments",
    "reason",
    "delivery__decision__arguments",
    "delivery__result",
)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a list, with all that stands around it.

    Attributes:
        requests: each with ``approved`` (how many approvals count), ``proposed`` (the digest of what an approval would
            approve), ``newest_event`` (the newest line of its record), ``snoozed_until`` and ``asks_me``.
        begins: where this page begins, empty for the first.
        after: where the next page begins, empty on the last one.
        counts: how many requests are in each queue (`counting.COUNTED`) and each saved view (its id), up to a hundred.
        groups: those of the viewer.
        tools: the agents and tools that ask them.
        lookers: who else has a request open, by its id.
        wakes_at: when the next snoozed request comes back.
    """

    query: QueueQuery
    requests: Sequence[ApprovalRequest]
    begins: str = ""
    after: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    views: Sequence[SavedView] = ()
    groups: Sequence[Group] = ()
    tools: Sequence[KnownTool] = ()
    lookers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    wakes_at: datetime | None = None

    @property
    def here(self) -> str:
        """The query string of this very page."""
        written = self.query.written()
        return "&".join(filter(None, [written, urlencode({"after": self.begins}) if self.begins else ""]))

    @property
    def waiting(self) -> int:
        """How many requests wait for this person, whatever list is shown."""
        return self.counts[Queue.MINE]


def queue_page(user: User, query: QueueQuery, *, now: datetime, after: str = "") -> QueuePage:
    """Return one page of a list, with the numbers and filters around it, in as many queries however long it is."""
    views = views_for(user)
    asker = asker_for(user, [query, *(view.question for view in views)], now=now)
    cursor = Cursor.read(after, order_of(query)) if after else None
    ids, behind = ids_of(asker, query, cursor)
    return QueuePage(
        query=query,
        requests=rows_of(user, ids, now),
        begins=cursor.written() if cursor else "",
        after=behind.written() if behind else "",
        counts=counts_of(asker, views),
        views=views,
        groups=asker.groups,
        tools=_tools_of(asker.groups),
        lookers=lookers_of(user, ids),
        wakes_at=_next_wake(user, now),
    )


def requests_found(user: User, query: QueueQuery, *, now: datetime) -> list[ApprovalRequest]:
    """Return the first page of a list without what stands around it: ids, titles and statuses."""
    ids, _ = ids_of(asker_for(user, [query], now=now), query, None)
    found = ApprovalRequest.objects.only("title", "status").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def asker_for(user: User, queries: Sequence[QueueQuery], *, now: datetime) -> Asker:
    """Return who asks, with what is needed to answer these queries."""
    groups = groups_of(user)
    return Asker(user, groups, now, tools_for(groups, queries))


def ids_of(asker: Asker, query: QueueQuery, after: Cursor | None) -> tuple[list[int], Cursor | None]:
    """Return the ids of one page of a list, and where the next page begins; None on the last one."""
    with planned_for_values(bool(query.filters)):
        if query.q:
            return search_page(asker, query, after)
        return page_of(parts_of(asker, query), order_of(query), after)


def rows_of(user: User, ids: Sequence[int], now: datetime) -> list[ApprovalRequest]:
    """Return the requests with these ids in their order, as a list shows them; see `QueuePage`."""
    counted = standing_approvals().filter(request=OuterRef("pk")).order_by().values("request")
    snoozed = Snooze.objects.filter(request=OuterRef("pk"), user=user, until__gt=now).values("until")
    latest = Decision.objects.filter(request=OuterRef("pk"), outcome=Outcome.APPROVED, taken_back_at=None)
    rows: QuerySet[ApprovalRequest] = ApprovalRequest.objects.annotate(
        proposed=Coalesce(Subquery(latest.order_by("-decided_at").values("digest")[:1]), "digest"),
        newest_event=newest_event(),
        approved=Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0),
        snoozed_until=Subquery(snoozed, output_field=DateTimeField()),
        asks_me=Exists(Comment.objects.filter(request=OuterRef("pk"), addressee=user, answered_at=None)),
    )
    found = rows.select_related("delivery__decision", "claimed_by").defer(*_LARGE).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _tools_of(groups: Sequence[Group]) -> list[KnownTool]:
    known = KnownTool.objects.filter(group__in=groups).order_by("agent", "tool").distinct("agent", "tool")
    return list(known[:_MOST_TOOLS])


def _next_wake(user: User, now: datetime) -> datetime | None:
    ahead = Snooze.objects.filter(user=user, until__gt=now).order_by("until")
    return ahead.values_list("until", flat=True).first()
