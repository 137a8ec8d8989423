"""The inbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.selectors.inbox import Queue
from approvals.views.context import queue_context
from approvals.views.viewer import viewer_of


def queue_of(request: HttpRequest) -> Queue:
    """Return the queue that the address names; anything unknown is the first one."""
    name = request.GET.get("queue", "")
    return Queue(name) if name in list(Queue) else Queue.MINE


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show a queue: the whole page, or the list alone when htmx refreshes it."""
    older_than = request.GET.get("older_than", "")
    selected = request.GET.get("selected", "")
    context = queue_context(viewer_of(request), queue_of(request), int(older_than) if older_than.isdecimal() else None)
    context["selected"] = int(selected) if selected.isdecimal() else None
    # request.htmx is set by django-htmx's middleware.
    template = "approvals/inbox.html#queue" if request.headers.get("HX-Request") else "approvals/inbox.html"
    return render(request, template, context)
