"""What the templates of the list are given."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from approvals.forms.saved_view import SavedViewForm
from approvals.presentation.filters import chips_for, menus_for, sorts_for, tabs_for, views_for
from approvals.rules.queue_query import QueueQuery
from approvals.selectors.inbox import queue_page
from approvals.selectors.neighbours import next_to
from approvals.views.viewer import viewer_of


def request_beside_list(request: HttpRequest, request_id: int, **more: str) -> str:
    """Return the address of a request's page beside the list that a form on it was posted from."""
    asked = _asked(request)
    written = QueueQuery.read(asked).written()
    rest = urlencode({name: value for name, value in {"after": asked.get("after", ""), **more}.items() if value})
    query = "&".join(filter(None, [written, rest]))
    return reverse("approvals:request", args=[request_id]) + (f"?{query}" if query else "")


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return what the list is asked for: by the address, or by the page that a form was posted from."""
    return dict(parse_qsl(request.POST["list"])) if "list" in request.POST else request.GET.dict()


def queue_context(request: HttpRequest, *, selected: int | None = None) -> dict[str, Any]:
    """Return what the list on the left shows, as the address asks for it.

    Args:
        selected: the request whose page it stands beside.
    """
    asked, user, now = _asked(request), viewer_of(request), timezone.now()
    query, after = QueueQuery.read(asked), asked.get("after", "")
    page = queue_page(user, query, now=now, after=after)
    return {
        "selected": selected,
        "next_request": next_to(user, page, selected, now=now) if selected else None,
        "queue": page,
        "list_query": page.here,
        "tabs": tabs_for(page),
        "views": views_for(page),
        "menus": menus_for(page),
        "chips": chips_for(page),
        "sorts": sorts_for(page),
        "view_form": SavedViewForm(page.groups),
    }
