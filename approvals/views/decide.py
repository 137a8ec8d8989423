"""Deciding: one view a verb. Each posts, calls the service, and goes back to the page.

The verb itself locks, checks and decides, so all that is read before it is whether the run still waits; only a refusal
reads the request, to show it.
"""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from approvals.errors import ApprovalError, InvalidInput
from approvals.forms.arguments import ArgumentsForm
from approvals.forms.value import value_in
from approvals.models import ApprovalRequest, Decision
from approvals.selectors.requests import get_request_for
from approvals.selectors.runs import ended_run_behind
from approvals.services.decide import answer_request, approve_request, reject_request, resolve_request
from approvals.services.reconciling import withdraw_ended
from approvals.services.take_back import take_back_decision
from approvals.views.context import newest_event_in
from approvals.views.editing import answer_filled, approve_edited
from approvals.views.listing import request_beside_list
from approvals.views.posting import posts_only, refuse, refuse_with, text_of
from approvals.views.refusals import ENDINGS, refusal_for_ended, went_through_before
from approvals.views.viewer import viewer_of
from restate_bridge.contract import Outcome
from restate_bridge.endings import Ended


@posts_only
def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve, with the edits if the page held the fields."""
    edited = ArgumentsForm.was_posted(request.POST)
    approve_it = partial(approve_edited, data=request.POST) if edited else approve_request
    verb = partial(approve_it, confirmation=text_of(request, "confirmation"))
    return _carry_out(request, request_id, verb, Outcome.APPROVED)


@posts_only
def undo(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take the viewer's decision back, and return to the request with what they had typed."""
    try:
        take_back_decision(request_id=request_id, reviewer=viewer_of(request))
    except ApprovalError as error:
        return refuse(request, request_id, error)
    except ApprovalRequest.DoesNotExist as error:
        raise Http404 from error
    return redirect(request_beside_list(request, request_id, again="1"))


@posts_only
def reject(request: HttpRequest, request_id: int) -> HttpResponse:
    """Reject with a reason: one of those that are offered, or the note, or both."""
    verb = partial(reject_request, reason=text_of(request, "reason"))
    return _carry_out(request, request_id, verb, Outcome.REJECTED)


@posts_only
def resolve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Resolve a wait that nobody had announced with a value."""
    try:
        value = value_in(request.POST)
    except InvalidInput as error:
        return refuse(request, request_id, error)
    return _carry_out(request, request_id, partial(resolve_request, value=value), Outcome.APPROVED)


@posts_only
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Answer a question, by the fields of its form if the page held them."""
    filled = ArgumentsForm.was_posted(request.POST)
    in_words = partial(answer_request, answer=text_of(request, "answer"))
    verb = partial(answer_filled, data=request.POST) if filled else in_words
    return _carry_out(request, request_id, verb, Outcome.ANSWERED)


def _carry_out(request: HttpRequest, request_id: int, verb: Callable[..., Decision], outcome: Outcome) -> HttpResponse:
    """Call the verb, then show the request's page; a refusal shows it as it is now, with what was typed."""
    if ended := ended_run_behind(request_id):
        return _refuse_ended(request, request_id, ended)
    shown = {"seen": request.POST.get("seen", ""), "version": newest_event_in(request.POST.get("version", ""))}
    note, window = text_of(request, "note").strip(), settings.UNDO_WINDOW
    try:
        verb(request_id=request_id, reviewer=viewer_of(request), note=note, undo_window=window, **shown)
    except ApprovalError as error:
        if not went_through_before(error, viewer_of(request), outcome):
            return refuse(request, request_id, error)
    except ApprovalRequest.DoesNotExist as error:
        raise Http404 from error
    return redirect(request_beside_list(request, request_id))


def _refuse_ended(request: HttpRequest, request_id: int, ended: Ended) -> HttpResponse:
    """Refuse a decision that nobody waits for, and take the request out of the inbox if that is certain."""
    # Whoever may not see the request learns nothing of its run.
    get_request_for(viewer_of(request), request_id)
    if ended.how is not None:
        withdraw_ended(request_id=request_id, at=timezone.now(), reason=ENDINGS[ended.how])
    return refuse_with(request, request_id, 409, refusal_for_ended(ended))
