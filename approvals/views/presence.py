"""Who else looks at a request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.presentation.presence import looking_in_words
from approvals.selectors.presence import lookers_at
from approvals.views.viewer import viewer_of


@require_safe
def presence(request: HttpRequest, request_id: int) -> HttpResponse:
    """Return the line that says who else has the request open."""
    sentence = looking_in_words(lookers_at(viewer_of(request), request_id))
    return render(request, "approvals/request/presence.html", {"request_id": request_id, "looking": sentence})
