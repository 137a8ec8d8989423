"""How the viewer likes the pages: language and theme, with hints or without."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from approvals.errors import InvalidInput
from approvals.presentation.words import problem_in_words
from approvals.services.preferences import dismiss_hints, prefer
from approvals.views.viewer import viewer_of


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen, and go back to the page that it was chosen on."""
    try:
        prefer(user=viewer_of(request), language=request.POST.get("language"), theme=request.POST.get("theme"))
    except InvalidInput as error:
        return HttpResponseBadRequest(problem_in_words(error), content_type="text/plain")
    return _back(request)


@require_POST
def hints(request: HttpRequest) -> HttpResponse:
    """Keep that the viewer has seen enough of the hints for newcomers."""
    dismiss_hints(user=viewer_of(request))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Lead back to the page that a form stood on, if it is one of ours."""
    back, ours = request.POST.get("next", ""), {request.get_host()}
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=ours, require_https=request.is_secure())
    return redirect(back if safe else "approvals:inbox")
