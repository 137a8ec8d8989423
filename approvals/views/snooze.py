"""Snoozing a request, and waking it again."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.deadlines import NEAR
from approvals.errors import InvalidInput
from approvals.presentation.snoozing import chosen_time
from approvals.selectors.requests import get_request_for
from approvals.services.snooze import snooze_request, wake_request
from approvals.views.posting import carried_out, posts_only
from approvals.views.viewer import viewer_of


@posts_only
def snooze(request: HttpRequest, request_id: int) -> HttpResponse:
    """Hide a request from the viewer's queue, until its deadline is near at the latest."""
    return carried_out(request, request_id, partial(_snooze, request, request_id))


@posts_only
def wake(request: HttpRequest, request_id: int) -> HttpResponse:
    """Put a request back into the viewer's queue."""
    verb = partial(wake_request, request_id=request_id, user=viewer_of(request))
    return carried_out(request, request_id, verb)


def _snooze(request: HttpRequest, request_id: int) -> None:
    user, now = viewer_of(request), timezone.localtime()
    deadline = get_request_for(user, request_id).deadline_at
    until = chosen_time(request.POST.get("until", ""), request.POST.get("at", ""), now, deadline)
    if until is None:
        raise InvalidInput("until", "choose until when to snooze it")
    snoozed = snooze_request(request_id=request_id, user=user, until=until, near=NEAR)
    if snoozed.until < until:
        messages.warning(request, _("The deadline is near by then, so the request comes back earlier."))
