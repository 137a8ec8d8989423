"""Changing what a session keeps: a page that says what will happen and asks why, and the deed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.engine import admin_for_pages
from approvals.views.viewer import viewer_of
from operations.errors import ChangedMeanwhile, ConsoleError, Refused, TooLarge
from operations.forms.session_state import StateForm
from operations.presentation.sessions import session_address
from operations.presentation.signed import holds_token, without_tokens
from operations.presentation.state import EFFECTS, OUTCOMES, TOO_LARGE, VERBS, WITH_TOKEN
from operations.presentation.stored import Form, stored
from operations.rules.roles import Permission
from operations.rules.sessions import session_name
from operations.rules.state import StateVerb, after, is_too_large
from operations.selectors.session_state import StateNow, state_now
from operations.services.looking import look
from operations.services.recording import About
from operations.services.session_state import StateChange, change_state
from operations.views.statuses import INVALID, REFUSED, UNHEARD
from restate_bridge.errors import BridgeError


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.EDIT_STATE, raise_exception=True)
def state(request: HttpRequest, verb: str) -> HttpResponse:
    """Show what a verb would do to the state of a session (GET), or do it (POST)."""
    service, key, name = (request.GET.get(part) for part in ("service", "key", "name"))
    if verb not in list(StateVerb) or not service or (name is None) != (verb == StateVerb.CLEAR):
        raise Http404
    page = _Page(request, StateVerb(verb), service, key or "", name)
    try:
        now = state_now(admin_for_pages(), page.service, page.key)
    except BridgeError as error:
        return page.away(str(error))
    except TooLarge:
        return page.shown(why_not=_("This session keeps more than can be read for a change."), status=REFUSED)
    return page.done(now) if request.method == "POST" else page.asked(now)


class _Page:
    """The page about one verb and one session."""

    def __init__(self, request: HttpRequest, verb: StateVerb, service: str, key: str, name: str | None) -> None:
        self.request, self.verb, self.service, self.key, self.name = request, verb, service, key, name
        self.viewer = viewer_of(request)
        if verb is StateVerb.CHANGE and not self.viewer.has_perm(Permission.VIEW_PAYLOAD):
            raise PermissionDenied  # the value would be shown
        self.form = StateForm(verb, service, request.POST if request.method == "POST" else None)

    def asked(self, now: StateNow) -> HttpResponse:
        """Say what would happen, and ask why."""
        if not now.seen(self.name) or not now.values:
            return self.shown(why_not=_("Nothing of that is kept under this key."), status=404)
        if is_too_large(after(now.values, self.verb, self.name, b"")):
            return self.shown(why_not=TOO_LARGE, status=REFUSED)
        self.form.initial = {"seen": now.seen(self.name)}
        return (
            self.asked_for(now.values[self.name or ""], now) if self.verb is StateVerb.CHANGE else self.shown(now=now)
        )

    def asked_for(self, kept: bytes, now: StateNow) -> HttpResponse:
        """Ask what is to be kept instead of a value."""
        if is_too_large({"": kept}):
            return self.shown(why_not=_("This value is too large to be changed here."), status=REFUSED)
        value = stored(kept)
        if value.form is Form.SEALED:
            return self.shown(why_not=_("It is sealed with a key that is not here."), status=REFUSED)
        if value.form is not Form.JSON:
            return self.shown(why_not=_("This value is no JSON. It can only be removed."), status=REFUSED)
        if holds_token(value.text):
            return self.shown(why_not=WITH_TOKEN, status=REFUSED)
        self.looked()
        self.form.initial["value"] = value.text
        return self.shown(now=now)

    def done(self, now: StateNow) -> HttpResponse:
        """Do it, or say why not."""
        if not self.form.is_valid():
            return self.shown(now=now, status=INVALID)
        change = StateChange(self.verb, name=self.name, **self.form.cleaned_data)
        try:
            outcome = change_state(operator=self.viewer, service=self.service, key=self.key, change=change)
        except ChangedMeanwhile:
            return self.overtaken(now)
        except TooLarge:
            return self.shown(now=now, problem=TOO_LARGE, status=REFUSED)
        except Refused as error:
            return self.shown(now=now, problem=str(error), status=REFUSED)
        except ConsoleError as error:
            return self.away(str(error))
        messages.success(self.request, OUTCOMES[outcome])
        return redirect(session_address(self.service, self.key))

    def overtaken(self, now: StateNow) -> HttpResponse:
        """Say that the state is another by now. What was typed stays, and is for who has looked at what there is."""
        if not now.seen(self.name):
            return self.shown(why_not=_("That is gone by now. Nothing was done."), status=REFUSED)
        posted = self.request.POST.copy()
        posted["seen"] = now.seen(self.name)
        self.form = StateForm(self.verb, self.service, posted)
        is_value = self.verb is StateVerb.CHANGE
        if is_value:
            self.looked()
        return self.shown(
            now=now,
            kept_now=without_tokens(stored(now.values[self.name or ""]).text) if is_value else "",
            problem=_("The state has changed since this page was made, so nothing was done. Look at what it is now."),
            status=REFUSED,
        )

    def looked(self) -> None:
        """Record that the value is shown."""
        look(operator=self.viewer, what="session.state", about=About(session_name(self.service, self.key)))

    def away(self, problem: str) -> HttpResponse:
        """Say that the engine can't be asked, and give back what was typed."""
        return self.shown(problem=problem, status=UNHEARD, is_away=True)

    def shown(self, *, status: int = 200, **said: Any) -> HttpResponse:
        """Render the page with what there is to say."""
        context = {
            "verb": self.verb,
            "label": VERBS[self.verb],
            "effect": EFFECTS[self.verb],
            "service": self.service,
            "key": self.key,
            "name": self.name,
            "form": self.form,
        }
        return render(self.request, "operations/state.html", context | said, status=status)
