"""Deciding: one view a verb. Each posts, calls the service, and goes back to the page.

The verb itself locks, checks and decides, so all that is read before it is whether the run still waits; only a refusal
reads the request, to show it.
"""

from collections.abc import Callable
from functools import partial, wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from approvals.errors import AlreadySettled, ApprovalError
from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest, Decision
from approvals.selectors.decisions import decisions_of, is_settled_by, proposal_for
from approvals.selectors.requests import get_request_for
from approvals.selectors.runs import ended_run_behind
from approvals.services.decide import answer_request, approve_request, reject_request
from approvals.services.reconciling import withdraw_ended
from approvals.services.take_back import take_back_decision
from approvals.views.context import Posted
from approvals.views.refusals import ENDINGS, refusal_for, refusal_for_ended
from approvals.views.request import show_request
from approvals.views.viewer import viewer_of
from restate_bridge.contract import Outcome
from restate_bridge.endings import Ended

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
        return _carry_out(request, request_id, approve_request, Outcome.APPROVED)
    approval_request = get_request_for(viewer_of(request), request_id)
    proposal = proposal_for(approval_request, decisions_of(approval_request))
    form = ArgumentsForm(approval_request, proposal.arguments, request.POST)
    if approval_request.is_pending and not form.is_valid():
        posted = Posted(data=request.POST, problem="Some of the changes don't fit. Nothing was decided.")
        return show_request(request, approval_request, editing=True, posted=posted, status=422)
    edits = form.edits() if approval_request.is_pending else {}
    return _carry_out(request, request_id, partial(approve_request, edits=edits), Outcome.APPROVED)


@posts_only
def undo(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take the viewer's decision back, and return to the request with what they had typed."""
    try:
        take_back_decision(request_id=request_id, reviewer=viewer_of(request))
    except ApprovalError as error:
        return _refuse(request, request_id, *refusal_for(error))
    except ApprovalRequest.DoesNotExist as error:
        raise Http404 from error
    return redirect(f"{reverse('approvals:request', args=[request_id])}?again")


@posts_only
def reject(request: HttpRequest, request_id: int) -> HttpResponse:
    """Reject with a reason."""
    return _carry_out(request, request_id, reject_request, Outcome.REJECTED)


@posts_only
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer a question."""
    verb = partial(answer_request, answer=_text(request, "answer"))
    return _carry_out(request, request_id, verb, Outcome.ANSWERED)


def _carry_out(request: HttpRequest, request_id: int, verb: Callable[..., Decision], outcome: Outcome) -> HttpResponse:
    """Call the verb, then show the request's page; a refusal shows it as it is now, with what was typed."""
    if ended := ended_run_behind(request_id):
        return _refuse_ended(request, request_id, ended)
    note, seen = _text(request, "note").strip(), request.POST.get("seen", "")
    try:
        verb(request_id=request_id, reviewer=viewer_of(request), seen=seen, note=note, undo_window=settings.UNDO_WINDOW)
    except ApprovalError as error:
        # Sent again because the answer to the first time was lost: then it went through.
        if not (isinstance(error, AlreadySettled) and is_settled_by(viewer_of(request), error.request, outcome)):
            return _refuse(request, request_id, *refusal_for(error))
    except ApprovalRequest.DoesNotExist as error:
        raise Http404 from error
    return redirect("approvals:request", request_id)


def _refuse(request: HttpRequest, request_id: int, status: int, problem: str) -> HttpResponse:
    refused, posted = get_request_for(viewer_of(request), request_id), request.POST
    editing = ArgumentsForm.was_posted(posted)
    return show_request(request, refused, posted=Posted(posted, problem), editing=editing, status=status)


def _refuse_ended(request: HttpRequest, request_id: int, ended: Ended) -> HttpResponse:
    """Refuse a decision that nobody waits for, and take the request out of the inbox if that is certain."""
    # Whoever may not see the request learns nothing of its run.
    get_request_for(viewer_of(request), request_id)
    if ended.how is not None:
        withdraw_ended(request_id=request_id, at=timezone.now(), reason=ENDINGS[ended.how])
    return _refuse(request, request_id, 409, refusal_for_ended(ended))


def _text(request: HttpRequest, name: str) -> str:
    """Return a posted text with the line breaks that it was offered with: browsers post CRLF."""
    return request.POST.get(name, "").replace("\r\n", "\n")
