"""Taking care of a request, and letting go of it."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from approvals.services.claim import claim_request, release_request
from approvals.views.posting import carried_out, posts_only
from approvals.views.viewer import viewer_of


@posts_only
def claim(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take a request on, or over from whoever had it."""
    verb = partial(claim_request, request_id=request_id, reviewer=viewer_of(request))
    return carried_out(request, request_id, verb)


@posts_only
def release(request: HttpRequest, request_id: int) -> HttpResponse:
    """Let go of a request."""
    verb = partial(release_request, request_id=request_id, reviewer=viewer_of(request))
    return carried_out(request, request_id, verb)
