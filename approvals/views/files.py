"""The files of a request: to be kept, or looked at. What an agent sent is never a page of ours."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from approvals.presentation.files import is_picture, is_text
from approvals.selectors.files import RequestFile, file_of
from approvals.selectors.requests import get_request_for
from approvals.views.viewer import viewer_of

# Whatever a browser takes it for: it loads nothing, runs nothing, and is nobody's origin.
_NOTHING: Final[dict[str, list[str]]] = {"default-src": [CSP.NONE], "sandbox": ["allow-downloads"]}
#: Characters of a text that a page shows.
_LONGEST: Final = 50_000


@require_safe
@csp_override(_NOTHING)
@cache_control(private=True, max_age=3600)
def download(request: HttpRequest, request_id: int, number: int) -> HttpResponse:
    """Hand a file over to be kept; no browser shows it."""
    return _sent(_file(request, request_id, number), as_attachment=True)


@require_safe
@csp_override(_NOTHING)
@cache_control(private=True, max_age=3600)
def picture(request: HttpRequest, request_id: int, number: int) -> HttpResponse:
    """Hand over a picture for the request's page."""
    file = _file(request, request_id, number)
    if not is_picture(file.media_type):
        raise Http404
    return _sent(file, as_attachment=False)


@require_safe
def text(request: HttpRequest, request_id: int, number: int) -> HttpResponse:
    """Show the beginning of a text, as a fragment of the request's page."""
    file = _file(request, request_id, number)
    if not is_text(file.media_type):
        raise Http404
    whole = file.content.decode(errors="replace")
    context = {"text": whole[:_LONGEST], "left_out": max(0, len(whole) - _LONGEST)}
    return render(request, "approvals/request/file_text.html", context)


def _file(request: HttpRequest, request_id: int, number: int) -> RequestFile:
    file = file_of(get_request_for(viewer_of(request), request_id), number)
    if file is None:
        raise Http404
    return file


def _sent(file: RequestFile, *, as_attachment: bool) -> HttpResponse:
    disposition = content_disposition_header(as_attachment, file.name) or "inline"
    return HttpResponse(file.content, content_type=file.media_type, headers={"Content-Disposition": disposition})
