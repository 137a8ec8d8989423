"""Deciding: one view a verb. Each posts, calls the service, and goes back to the page.

The verb itself locks, checks and decides, so nothing is read before it; only a refusal reads the request, to show it.
"""

from collections.abc import Callable
from functools import partial, wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from approvals.errors import ApprovalError
from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest, Decision
from approvals.selectors.decisions import decisions_of, proposal_for
from approvals.selectors.requests import get_request_for
from approvals.services.decide import answer_request, approve_request, reject_request
from approvals.views.context import Posted
from approvals.views.refusals import refusal_for
from approvals.views.request import show_request
from approvals.views.viewer import viewer_of

type View = Callable[[HttpRequest, int], HttpResponse]


def posts_only(view: View) -> View:
    """Let a view decide on POST alone; a GET, such as after signing in again, goes to the request's page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapped(request: HttpRequest, request_id: int) -> HttpResponse:
        if request.method != "POST":
            return redirect("approvals:request", request_id)
        return view(request, request_id)

    return wrapped


@posts_only
def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve, with the edits if the page held the fields."""
    if not ArgumentsForm.was_posted(request.POST):
        return _carry_out(request, request_id, approve_request)
    approval_request = get_request_for(viewer_of(request), request_id)
    proposal = proposal_for(approval_request, decisions_of(approval_request))
    form = ArgumentsForm(approval_request, proposal.arguments, request.POST)
    if approval_request.is_pending and not form.is_valid():
        posted = Posted(data=request.POST, problem="Some of the changes don't fit. Nothing was decided.")
        return show_request(request, approval_request, editing=True, posted=posted, status=422)
    edits = form.edits() if approval_request.is_pending else {}
    return _carry_out(request, request_id, partial(approve_request, edits=edits))


@posts_only
def reject(request: HttpRequest, request_id: int) -> HttpResponse:
    """Reject with a reason."""
    return _carry_out(request, request_id, reject_request)


@posts_only
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer a question."""
    return _carry_out(request, request_id, partial(answer_request, answer=_text(request, "answer")))


def _carry_out(request: HttpRequest, request_id: int, verb: Callable[..., Decision]) -> HttpResponse:
    """Call the verb, then show the request's page; a refusal shows it as it is now, with what was typed."""
    user, posted = viewer_of(request), request.POST
    note = _text(request, "note").strip()
    try:
        verb(request_id=request_id, reviewer=user, seen=posted.get("seen", ""), note=note)
    except ApprovalError as error:
        status, problem = refusal_for(error)
        editing = ArgumentsForm.was_posted(posted)
        refused = get_request_for(user, request_id)
        return show_request(request, refused, posted=Posted(posted, problem), editing=editing, status=status)
    except ApprovalRequest.DoesNotExist as error:
        raise Http404 from error
    return redirect("approvals:request", request_id)


def _text(request: HttpRequest, name: str) -> str:
    """Return a posted text with the line breaks that it was offered with: browsers post CRLF."""
    return request.POST.get(name, "").replace("\r\n", "\n")
