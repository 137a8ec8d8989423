"""Who looks at a request just now."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.http import Http404
from django.utils import timezone

from approvals.models import Presence
from approvals.people import display_name
from approvals.selectors.access import requests_visible_to

#: How long a page that does not say so any more counts as open: its process may have died.
STALE_AFTER: Final = timedelta(seconds=60)


def lookers_of(user: User, request_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the names of the others who have these requests open, by request, in alphabetical order; one query.

    Requests that nobody else looks at are left out. A person counts once, however many pages they have open.

    Args:
        request_ids: of requests that ``user`` may see; that is not asked again here.
    """
    fresh = Presence.objects.filter(seen_at__gt=timezone.now() - STALE_AFTER, user__is_active=True)
    rows = fresh.filter(request__in=request_ids).exclude(user=user).select_related("user")
    names: dict[int, dict[int, str]] = {}
    for row in rows:
        names.setdefault(row.request_id, {})[row.user_id] = display_name(row.user)
    return {request_id: sorted(people.values()) for request_id, people in names.items()}


def lookers_at(user: User, request_id: int) -> list[str]:
    """Return the names of the others who have one request open.

    Raises:
        Http404: there is no such request, or it is not for this person.
    """
    if not requests_visible_to(user).filter(pk=request_id).exists():
        raise Http404
    return lookers_of(user, [request_id]).get(request_id, [])
