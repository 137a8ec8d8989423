"""Who has a request's page open: written when its socket opens and closes, and renewed as long as it is open.

Whoever looks at the same request is told of the coming and going, by NOTIFY with the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import connection, transaction

from approvals.models import Presence
from approvals.notify import tell_viewers_of_lookers
from approvals.selectors.access import requests_visible_to
from approvals.selectors.presence import STALE_AFTER

# A row is made again when it was swept away while this process stood still; but not for somebody who is gone.
_RENEW: Final = """
    INSERT INTO approvals_presence (socket, request_id, user_id, seen_at)
    SELECT page.socket, request.id, auth_user.id, %(at)s
    FROM unnest(%(sockets)s::varchar[], %(requests)s::bigint[], %(users)s::integer[])
        AS page (socket, request_id, user_id)
    JOIN approvals_approvalrequest request ON request.id = page.request_id
    JOIN auth_user ON auth_user.id = page.user_id
    ON CONFLICT (socket) DO UPDATE SET seen_at = excluded.seen_at
"""
# Another process may sweep at the same time, and the owner of a row may come back to it: neither waits for the other.
_SWEEP: Final = """
    DELETE FROM approvals_presence WHERE socket IN (
        SELECT socket FROM approvals_presence WHERE seen_at <= %(before)s FOR UPDATE SKIP LOCKED
    ) RETURNING request_id
"""


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page of a request that somebody has open; ``socket`` names its connection."""

    socket: str
    request_id: int
    user_id: int


@transaction.atomic
def open_page(*, user: User, request_id: int, socket: str, at: datetime) -> bool:
    """Note that ``user`` looks at a request; False, and nothing is noted, when they may see no such request."""
    if not requests_visible_to(user).filter(pk=request_id).exists():
        return False
    Presence.objects.create(socket=socket, request_id=request_id, user=user, seen_at=at)
    tell_viewers_of_lookers(request_id)
    return True


@transaction.atomic
def close_page(*, page: OpenPage) -> None:
    """Note that a page was closed; nothing happens when it was swept away before."""
    deleted, _ = Presence.objects.filter(pk=page.socket).delete()
    if deleted:
        tell_viewers_of_lookers(page.request_id)


@transaction.atomic
def renew_pages(*, pages: Sequence[OpenPage], at: datetime) -> None:
    """Note that these pages are still open."""
    values: dict[str, Any] = {
        "at": at,
        "sockets": [page.socket for page in pages],
        "requests": [page.request_id for page in pages],
        "users": [page.user_id for page in pages],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, values)


@transaction.atomic
def sweep_stale_pages(*, at: datetime) -> None:
    """Remove the pages of processes that died, and tell those who still look at the same requests."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, {"before": at - STALE_AFTER})
        swept = {request_id for (request_id,) in cursor.fetchall()}
    for request_id in sorted(swept):
        tell_viewers_of_lookers(request_id)
