"""The list of sessions, and one of them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.views.viewer import viewer_of
from operations.presentation.conversations import Conversation, conversations_in
from operations.presentation.sessions import chips_for, menus_for, tabs_for, value_rows
from operations.rules.roles import Permission
from operations.rules.session_query import SessionQuery
from operations.rules.sessions import session_name
from operations.selectors import session_places
from operations.selectors.session import MOST_NAMES, MOST_RUNS, WHOLE, Part, SessionView, session_view
from operations.selectors.sessions import sessions_page
from operations.services.looking import look
from operations.services.recording import About
from operations.views.talk import talk_form_of_session


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def sessions(request: HttpRequest) -> HttpResponse:
    """Show the sessions: the whole page, or the list alone when htmx refreshes it."""
    query, after = SessionQuery.read(request.GET.dict()), session_places.read(request.GET.get("after", ""))
    page = sessions_page(query, after=after)
    context = {"page": page, "tabs": tabs_for(page), "menus": menus_for(page), "chips": chips_for(page)}
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/sessions.html{part}", context)


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def session(request: HttpRequest) -> HttpResponse:
    """Show a session: the whole page, or one of its two parts when htmx refreshes it."""
    service, key = request.GET.get("service", ""), request.GET.get("key", "")
    if not service:
        raise Http404
    viewer = viewer_of(request)
    part = _part(request)
    view = session_view(viewer, service, key, parts={part} if part else WHOLE)
    if view.values:
        look(operator=viewer, what="session.state", about=About(session_name(service, key)))
    context: dict[str, Any] = {
        "session": view,
        "conversations": conversations_in(view.values),
        "values": value_rows(view),
        "more_values": len(view.names) > MOST_NAMES,
        "more_queue": len(view.queue) > MOST_RUNS,
    }
    if part:
        return render(request, f"operations/session.html#{part}", context)
    context["talk"] = talk_form_of_session(viewer, service, key, _user_of(view, context["conversations"]))
    return render(request, "operations/session.html", context)


def _part(request: HttpRequest) -> Part | None:
    """Return the part that htmx refreshes; None for the whole page."""
    if not request.headers.get("HX-Request"):
        return None
    return Part.TALK if request.GET.get("part") == Part.TALK else Part.REST


def _user_of(view: SessionView, conversations: Sequence[Conversation]) -> str:
    """Return on whose behalf a session is; while its first turn goes on what that asks for says so."""
    told = [conversation.user for conversation in conversations] + [asked.requester for asked in view.requests]
    return next(filter(None, told), "")
