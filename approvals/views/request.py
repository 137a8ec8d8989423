"""The page of one request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest
from approvals.selectors.decisions import last_taken_back
from approvals.selectors.requests import get_request_for
from approvals.views.context import Posted, live_context, panel_context, queue_context
from approvals.views.inbox import queue_of
from approvals.views.viewer import viewer_of


@require_safe
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
    context = panel_context(user, approval_request, editing=False) | live_context(approval_request)
    context["panel_changed"] = request.GET.get("version") != context["version"]
    context["reader_edits"] = ArgumentsForm.was_posted(request.GET)
    return render(request, "approvals/request.html#live", context)


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
    context = (
        queue_context(user, queue_of(request))
        | panel_context(user, approval_request, editing=editing, posted=posted)
        | live_context(approval_request)
        | {"selected": approval_request.pk}
    )
    return render(request, "approvals/request.html", context, status=status)
