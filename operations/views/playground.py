"""The playground: what can be called, and calling it."""

import json
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from approvals.forms.arguments import ArgumentsForm
from approvals.forms.steps import STEP, Step
from approvals.views.viewer import viewer_of
from operations.errors import ConsoleError, Refused
from operations.forms.calling import INPUT, CallForm, fresh_key, input_form
from operations.rules.roles import Permission
from operations.rules.talking import on_behalf_of
from operations.selectors.services import service_now, services_now
from operations.services.calling import Call, call_handler
from operations.views.sent import away, told
from operations.views.statuses import INVALID, REFUSED, UNHEARD
from operations.views.talk import talk_form
from restate_bridge.errors import BridgeError
from restate_bridge.services import Handler, Service


@require_safe
@permission_required(Permission.CALL_HANDLER, raise_exception=True)
def playground(request: HttpRequest) -> HttpResponse:
    """Show what can be called, and a form to talk to an agent."""
    try:
        services = services_now()
    except BridgeError as error:
        return render(request, "operations/playground.html", {"away": str(error)})
    context = {"services": services, "talk": talk_form(viewer_of(request), services)}
    return render(request, "operations/playground.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.CALL_HANDLER, raise_exception=True)
def call(request: HttpRequest) -> HttpResponse:
    """Show the form of a handler (GET), or send what was filled in (POST)."""
    try:
        service = service_now(request.GET.get("service", ""))
    except BridgeError as error:
        return away(request, str(error))
    handler = service.handler(request.GET.get("handler", "")) if service else None
    if service is None or handler is None:
        raise Http404
    page = _Page(request, service, handler)
    if request.method != "POST":
        return page.shown()
    return page.stepped() if STEP in request.POST else page.sent()


class _Page:
    """The page of one handler."""

    def __init__(self, request: HttpRequest, service: Service, handler: Handler) -> None:
        self.request, self.service, self.handler = request, service, handler
        self.is_raw = handler.schema is None or "raw" in request.GET
        data = request.POST if request.method == "POST" else None
        initial = {"key": request.GET.get("key", ""), "idempotency_key": fresh_key()}
        has_raw = handler.takes and self.is_raw
        self.form = CallForm(service, handler, data, has_raw=has_raw, initial=initial)
        self.input: ArgumentsForm | None = input_form(handler, data) if handler.takes and not self.is_raw else None

    def stepped(self) -> HttpResponse:
        """Show the form with a row more or less, and with all that was typed."""
        if self.input:
            self.input = self.input.after(Step.read(self.request.POST.get(STEP, "")))
        # What is not finished yet is not complained of.
        self.form = CallForm(self.service, self.handler, has_raw=False, initial=self.request.POST.dict())
        return self.shown()

    def sent(self) -> HttpResponse:
        """Send it, or say why not."""
        fits = self.form.is_valid()
        if not (self.input is None or self.input.is_valid()) or not fits:
            return self.shown(status=INVALID)
        typed = self.form.cleaned_data
        body = self._body()
        wanted = Call(
            self.service.name,
            typed.get("key"),
            self.handler.name,
            body,
            delay=self.form.delay,
            idempotency_key=typed.get("idempotency_key", ""),
            reason=typed["reason"],
            on_behalf_of=on_behalf_of(self.handler, body),
            is_sealed=self.service.is_sealed,
        )
        try:
            sent = call_handler(operator=viewer_of(self.request), call=wanted)
        except Refused as error:
            return self.shown(problem=str(error), status=REFUSED)
        except ConsoleError as error:
            return self.shown(problem=str(error), is_away=True, status=UNHEARD)
        told(self.request, sent, runs_once=self.handler.runs_once)
        return redirect("operations:run", sent.run)

    def _body(self) -> bytes | None:
        if self.input is None:
            body: bytes | None = self.form.cleaned_data.get("raw")
            return body
        return json.dumps(self.input.edited()[INPUT]).encode()

    def shown(self, *, status: int = 200, **said: Any) -> HttpResponse:
        """Render the page with what there is to say."""
        context = {
            "service": self.service,
            "handler": self.handler,
            "form": self.form,
            "arguments_form": self.input,
            "is_raw": self.is_raw,
            "step_url": self.request.get_full_path(),
        }
        return render(self.request, "operations/call.html", context | said, status=status)
