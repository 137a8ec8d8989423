"""Holding the requests of a run: a page that says what will happen and asks why, and the deed."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals.views.viewer import viewer_of
from operations.forms.steering import ReasonForm
from operations.presentation.control import HOLDS, held_in_words
from operations.rules.roles import Permission
from operations.selectors.run import holding_of
from operations.services.hold import hold_run, unhold_run
from restate_bridge.ids import is_invocation_id

_VERBS: Final = {"hold": hold_run, "unhold": unhold_run}
_INVALID: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.STEER_RUN, raise_exception=True)
def hold(request: HttpRequest, invocation_id: str, verb: str) -> HttpResponse:
    """Show what holding a run's requests would do, or letting them be decided again (GET), or do it (POST)."""
    if not is_invocation_id(invocation_id):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        number = _VERBS[verb](operator=viewer_of(request), invocation_id=invocation_id, reason=reason)
        messages.success(request, held_in_words(verb, number))
        return redirect("operations:run", invocation_id)
    label, effect = HOLDS[verb]
    context = {
        "invocation_id": invocation_id,
        "holding": holding_of(invocation_id),
        "verb": verb,
        "label": label,
        "effect": effect,
        "form": form,
    }
    return render(request, "operations/hold.html", context, status=_INVALID if form.is_bound else 200)
