"""One value of a session, alone."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.views.viewer import viewer_of
from operations.presentation.conversations import conversations_in
from operations.presentation.stored import stored
from operations.rules.roles import Permission
from operations.rules.sessions import session_name
from operations.selectors.session_value import session_value
from operations.services.looking import look
from operations.services.recording import About


@require_safe
@permission_required([Permission.VIEW_RUN, Permission.VIEW_PAYLOAD], raise_exception=True)
def value(request: HttpRequest) -> HttpResponse:
    """Show one value of a session, as a conversation where it is one; that somebody looks is recorded before."""
    service, name = request.GET.get("service", ""), request.GET.get("name")
    if not service or name is None:
        raise Http404
    found = session_value(service, request.GET.get("key", ""), name)
    context: dict[str, Any] = {"session": found}
    if found.value is not None:
        look(operator=viewer_of(request), what="session.state", about=About(session_name(service, found.key)))
        context |= {"shown": stored(found.value).alone, "conversations": conversations_in({name: found.value})}
    return render(
        request, "operations/value.html", context, status=200 if found.away or found.size is not None else 404
    )
