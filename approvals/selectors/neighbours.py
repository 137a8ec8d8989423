"""What follows a request in a list, also when it has just left it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from approvals.models import ApprovalRequest
from approvals.selectors.access import requests_visible_to
from approvals.selectors.inbox import QueuePage, ids_of
from approvals.selectors.narrowing import Asker, tools_for
from approvals.selectors.paging import Cursor, order_of, place_of


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A request of a list.

    Attributes:
        title: in the agent's own words.
        list_query: the query string of a page of the list that holds it.
    """

    request_id: int
    title: str
    list_query: str

    @classmethod
    def on(cls, page: QueuePage, row: ApprovalRequest) -> Self:
        """Return a row of the page that is shown."""
        return cls(row.pk, row.title, page.here)

    def get_absolute_url(self) -> str:
        """Return the address of its page, beside the list."""
        address = reverse("approvals:request", args=[self.request_id])
        return f"{address}?{self.list_query}" if self.list_query else address


def next_to(user: User, page: QueuePage, request_id: int, *, now: datetime) -> Neighbour | None:
    """Return what follows a request in the list of a page; None behind the last one.

    Behind a request that is not in the list and would be its last comes the list's beginning, so that whoever decides
    one after the other comes to those that they have passed over. No queries where the page holds both, else three.
    """
    ids = [row.pk for row in page.requests]
    if request_id in ids[:-1]:
        return Neighbour.on(page, page.requests[ids.index(request_id) + 1])
    if request_id in ids and not page.after:
        return None
    if not ids and not page.begins:
        return None
    return _behind(user, page, request_id, now) or _first(page, ids, request_id)


def _behind(user: User, page: QueuePage, request_id: int, now: datetime) -> Neighbour | None:
    place = _place_of(user, page, request_id)
    if place is None:
        return next((Neighbour.on(page, row) for row in page.requests if page.query.q and row.pk < request_id), None)
    asker = Asker(user, page.groups, now, tools_for(page.groups, [page.query]))
    ids, _ = ids_of(asker, page.query, place)
    on_page = next((row for row in page.requests if ids and row.pk == ids[0]), None)
    if on_page is not None:
        return Neighbour.on(page, on_page)
    found = ApprovalRequest.objects.only("title").filter(pk__in=ids[:1]).first()
    return Neighbour(found.pk, found.title, _list_after(page, place)) if found else None


def _place_of(user: User, page: QueuePage, request_id: int) -> Cursor | None:
    """Return where a request stands in the order of a list; None for nowhere, or where a search has but one page."""
    order = order_of(page.query)
    if page.query.q:
        edge = Cursor.read(page.after or page.begins, order)
        return replace(edge, request_id=request_id) if edge else None
    return place_of(requests_visible_to(user).filter(pk=request_id), order)


def _first(page: QueuePage, ids: list[int], request_id: int) -> Neighbour | None:
    if not ids or page.begins or request_id in ids:
        return None
    return Neighbour.on(page, page.requests[0])


def _list_after(page: QueuePage, place: Cursor) -> str:
    return "&".join(filter(None, [page.query.written(), urlencode({"after": place.written()})]))
