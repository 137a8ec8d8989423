"""The page of one request."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest, AuditEvent
from approvals.rules.news import MATTERS
from approvals.selectors.decisions import last_taken_back
from approvals.selectors.requests import get_request_for
from approvals.services.recording import by_user
from approvals.views.context import Posted, history_context, live_context, newest_event_in, panel_context, panel_in
from approvals.views.listing import queue_context
from approvals.views.refusals import told
from approvals.views.viewer import viewer_of


@require_safe
# The list beside it brings fragments along for htmx.
@vary_on_headers("HX-Request")
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show a request: what will run, why, how it came to this, and the decision."""
    user = viewer_of(request)
    approval_request = get_request_for(user, request_id)
    draft = last_taken_back(user, approval_request) if "again" in request.GET else None
    return show_request(request, approval_request, editing="edit" in request.GET, posted=Posted(draft=draft))


@require_safe
def live_fragments(request: HttpRequest, request_id: int) -> HttpResponse:
    """Return the parts that change by themselves; the decision panel only when it is another than the page's."""
    user = viewer_of(request)
    approval_request = get_request_for(user, request_id)
    context = panel_context(user, approval_request, editing=False) | live_context(user, approval_request)
    context["panel_changed"] = panel_in(request.GET.get("version", "")) != panel_in(context["version"])
    context["list_query"] = request.GET.get("list", "")
    context["news"] = _news_for(user, context["events"], newest_event_in(request.GET.get("opened", "")))
    context["reader_edits"] = ArgumentsForm.was_posted(request.GET)
    return render(request, "approvals/request/live.html", context)


def _news_for(user: User, events: Sequence[AuditEvent], opened: int | None) -> list[str]:
    """Return what others did since a page was opened; it stays beside the buttons as long as the page is there."""
    if opened is None:
        return []
    since = [event for event in events if event.pk > opened and event.code in MATTERS]
    return told([event for event in since if event.actor != by_user(user)])


def show_request(
    request: HttpRequest,
    approval_request: ApprovalRequest,
    *,
    editing: bool = False,
    posted: Posted | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the whole page, also as the answer to a decision that was refused."""
    user = viewer_of(request)
    live = live_context(user, approval_request)
    context = (
        queue_context(request, selected=approval_request.pk)
        | panel_context(user, approval_request, editing=editing, posted=posted)
        | live
        | history_context(user, approval_request, live["related"])
    )
    return render(request, "approvals/request.html", context, status=status)
