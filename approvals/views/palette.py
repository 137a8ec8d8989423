"""What the palette and the list of keys are made of."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.rules.queue_query import Queue, QueueQuery
from approvals.selectors.inbox import requests_found
from approvals.views.viewer import viewer_of

_MOST: Final = 8


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """Return the requests that a few words find, as options of the palette."""
    query = QueueQuery.read({"q": request.GET.get("q", ""), "queue": Queue.ALL})
    found = requests_found(viewer_of(request), query, now=timezone.now())[:_MOST] if query.q else []
    return render(request, "approvals/palette.html", {"found": found})


@require_safe
@vary_on_headers("HX-Request")
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys: a page, or for htmx what a dialog shows."""
    template = "approvals/keys.html#list" if request.headers.get("HX-Request") else "approvals/keys.html"
    return render(request, template)
