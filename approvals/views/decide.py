"""Deciding: one view a verb. Each posts, calls the service, and goes back to the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from approvals.errors import ApprovalError
from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest, Decision
from approvals.selectors.decisions import proposal_for
from approvals.selectors.requests import get_request_for
from approvals.services.decide import answer_request, approve_request, reject_request
from approvals.views.context import Posted
from approvals.views.refusals import refusal_for
from approvals.views.request import show_request
from approvals.views.viewer import viewer_of


@require_POST
def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve, with the edits if the page held the fields."""
    approval_request = get_request_for(viewer_of(request), request_id)
    form = ArgumentsForm(approval_request, proposal_for(approval_request).arguments, request.POST)
    if not form.was_posted:
        return _carry_out(request, approval_request, lambda **who: approve_request(**who))
    if approval_request.is_pending and not form.is_valid():
        posted = Posted(data=request.POST, problem="Some of the changes don't fit. Nothing was decided.")
        return show_request(request, approval_request, editing=True, posted=posted, status=422)
    edits = form.edits() if approval_request.is_pending else {}
    return _carry_out(request, approval_request, lambda **who: approve_request(**who, edits=edits))


@require_POST
def reject(request: HttpRequest, request_id: int) -> HttpResponse:
    """Reject with a reason."""
    approval_request = get_request_for(viewer_of(request), request_id)
    return _carry_out(
        request,
        approval_request,
        lambda note, **who: reject_request(**who, reason=note),
    )


@require_POST
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer a question."""
    approval_request = get_request_for(viewer_of(request), request_id)
    given = request.POST.get("answer", "")
    return _carry_out(request, approval_request, lambda **who: answer_request(**who, answer=given))


def _carry_out(request: HttpRequest, approval_request: ApprovalRequest, verb: Callable[..., Decision]) -> HttpResponse:
    """Call the verb, then show the request's page; a refusal shows it as it is now, with what was typed."""
    user = viewer_of(request)
    try:
        verb(
            request_id=approval_request.pk,
            reviewer=user,
            seen=request.POST.get("seen", ""),
            note=request.POST.get("note", "").strip(),
        )
    except ApprovalError as error:
        status, problem = refusal_for(error)
        posted = Posted(data=request.POST, problem=problem)
        now = get_request_for(user, approval_request.pk)
        return show_request(request, now, posted=posted, editing="edit-present" in request.POST, status=status)
    return redirect(approval_request)
