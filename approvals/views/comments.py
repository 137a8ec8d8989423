"""The thread of a request."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from approvals.services.comment import add_comment
from approvals.views.posting import carried_out, posts_only, text_of
from approvals.views.viewer import viewer_of


@posts_only
def comment(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask somebody, answer what one was asked, or just say something."""
    text, addressee = text_of(request, "comment"), request.POST.get("addressee", "")
    verb = partial(add_comment, request_id=request_id, author=viewer_of(request), text=text, addressee=addressee)
    return carried_out(request, request_id, verb, used="comment")
