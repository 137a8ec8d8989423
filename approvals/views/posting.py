"""What every view that posts does: refuse a GET, call one verb, and lose nothing that was typed."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from approvals.errors import ApprovalError, InvalidInput
from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest
from approvals.selectors.requests import get_request_for
from approvals.views.context import Posted
from approvals.views.listing import request_beside_list
from approvals.views.refusals import refusal_besides, refusal_for
from approvals.views.request import show_request
from approvals.views.viewer import viewer_of

type View = Callable[[HttpRequest, int], HttpResponse]

#: The fields of the page's one form that hold words, or a choice that took thought.
_TYPED: Final = ("note", "answer", "answer_as", "value", "reason", "confirmation", "comment")


def posts_only(view: View) -> View:
    """Let a view act on POST alone; a GET, such as after signing in again, goes to the request's page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapped(request: HttpRequest, request_id: int) -> HttpResponse:
        if request.method != "POST":
            return redirect("approvals:request", request_id)
        return view(request, request_id)

    return wrapped


def text_of(request: HttpRequest, name: str) -> str:
    """Return a posted text with the line breaks that it was offered with: browsers post CRLF."""
    return request.POST.get(name, "").replace("\r\n", "\n")


def carried_out(request: HttpRequest, request_id: int, verb: Callable[[], object], *, used: str = "") -> HttpResponse:
    """Call a verb that decides nothing, and show the request's page with what was typed for a decision.

    Args:
        used: the field that the verb has used up.
    """
    try:
        verb()
    except ApprovalError as error:
        return _refuse(request, request_id, error, *refusal_besides(error))
    except ApprovalRequest.DoesNotExist as error:
        raise Http404 from error
    kept = request.POST.copy()
    kept.pop(used, None)
    if not (ArgumentsForm.was_posted(kept) or any(kept.get(name) for name in _TYPED)):
        return redirect(request_beside_list(request, request_id))
    shown, editing = get_request_for(viewer_of(request), request_id), ArgumentsForm.was_posted(kept)
    return show_request(request, shown, posted=Posted(kept), editing=editing)


def refuse(request: HttpRequest, request_id: int, error: ApprovalError) -> HttpResponse:
    """Show the request's page as it is now, with why a decision was refused and what was typed."""
    return _refuse(request, request_id, error, *refusal_for(error))


def refuse_with(request: HttpRequest, request_id: int, status: int, problem: str, *, field: str = "") -> HttpResponse:
    """As `refuse`, with a sentence of one's own."""
    refused, posted = get_request_for(viewer_of(request), request_id), request.POST
    editing = ArgumentsForm.was_posted(posted)
    return show_request(request, refused, posted=Posted(posted, problem, field), editing=editing, status=status)


def _refuse(request: HttpRequest, request_id: int, error: ApprovalError, status: int, problem: str) -> HttpResponse:
    field = error.field if isinstance(error, InvalidInput) else ""
    return refuse_with(request, request_id, status, problem, field=field)
