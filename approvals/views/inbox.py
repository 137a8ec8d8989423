"""The inbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.views.listing import queue_context
from approvals.views.numbers import row_id_in


@require_safe
# Or the browser would take the list alone for the page when somebody goes back to it.
@vary_on_headers("HX-Request")
def inbox(request: HttpRequest) -> HttpResponse:
    """Show a list: the whole page, or the list alone when htmx refreshes it."""
    if not request.headers.get("HX-Request"):
        return render(request, "approvals/inbox.html", queue_context(request))
    context = queue_context(request, selected=row_id_in(request.GET.get("selected", "")))
    # request.htmx is set by django-htmx's middleware.
    return render(request, "approvals/queue.html", context | {"refreshed": True})
