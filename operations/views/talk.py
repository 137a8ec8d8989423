"""Talking to an agent: a message to the session that is its key."""

import json
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods

from approvals.views.viewer import viewer_of
from operations.errors import ConsoleError, Refused
from operations.forms.calling import TalkForm, fresh_key
from operations.presentation.sessions import session_address
from operations.rules.roles import Permission
from operations.rules.talking import on_behalf_of, said
from operations.selectors.services import services_now, talkers
from operations.services.calling import Call, call_handler
from operations.views.sent import away, told
from operations.views.statuses import INVALID, REFUSED, UNHEARD
from restate_bridge.errors import BridgeError
from restate_bridge.services import Handler, Service


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.CALL_HANDLER, raise_exception=True)
def talk(request: HttpRequest) -> HttpResponse:
    """Show the form to say something to an agent (GET), or say it (POST)."""
    viewer = viewer_of(request)
    try:
        services = services_now()
    except BridgeError as error:
        return away(request, str(error))
    if request.method != "POST":
        return _page(request, talk_form(viewer, services))
    form = TalkForm(list(_by_name(services)), request.POST)
    if not form.is_valid():
        return _page(request, form, status=INVALID)
    return _sent(request, form, services)


def talk_form(viewer: User, services: list[Service], *, key: str = "", user: str = "") -> TalkForm | None:
    """Return the form to talk to one of the services' agents; None where there is none."""
    agents = list(_by_name(services))
    initial = {
        "agent": agents[0] if agents else "",
        "key": key or f"talk-{get_random_string(8).lower()}",
        "user": user or viewer.username,
        "idempotency_key": fresh_key(),
    }
    return TalkForm(agents, initial=initial) if agents else None


def talk_form_of_session(viewer: User, service: str, key: str, user: str) -> TalkForm | None:
    """Return the form to go on with a session; None where nothing takes a message, or the engine can't be asked."""
    if not key or not viewer.has_perm(Permission.CALL_HANDLER):
        return None
    try:
        services = [one for one in services_now() if one.name == service]
    except BridgeError:
        return None
    form = talk_form(viewer, services, key=key, user=user)
    return form.in_one_session() if form else None


def _sent(request: HttpRequest, form: TalkForm, services: list[Service]) -> HttpResponse:
    typed = form.cleaned_data
    service, handler = _by_name(services)[typed["agent"]]
    body = json.dumps(said(handler, typed["message"], typed["user"])).encode()
    wanted = Call(
        service.name,
        typed["key"],
        handler.name,
        body,
        idempotency_key=typed["idempotency_key"],
        on_behalf_of=on_behalf_of(handler, body),
        is_sealed=service.is_sealed,
    )
    try:
        sent = call_handler(operator=viewer_of(request), call=wanted)
    except Refused as error:
        return _page(request, form, problem=str(error), status=REFUSED)
    except ConsoleError as error:
        return _page(request, form, problem=str(error), is_away=True, status=UNHEARD)
    told(request, sent)
    return redirect(session_address(service.name, typed["key"]))


def _by_name(services: list[Service]) -> dict[str, tuple[Service, Handler]]:
    return {f"{service.name}/{handler.name}": (service, handler) for service, handler in talkers(services)}


def _page(request: HttpRequest, form: TalkForm | None, *, status: int = 200, **said_: Any) -> HttpResponse:
    return render(request, "operations/talk.html", {"talk": form} | said_, status=status)
