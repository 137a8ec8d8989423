"""What a page says of a call that was sent, or could not be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from operations.views.statuses import UNHEARD
from restate_bridge.ingress import Sent


def away(request: HttpRequest, problem: str) -> HttpResponse:
    """Say that the engine can't be asked; what was typed is sent again by a button."""
    kept = [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    return render(request, "operations/call_away.html", {"problem": problem, "kept": kept}, status=UNHEARD)


def told(request: HttpRequest, sent: Sent, *, runs_once: bool = False) -> None:
    """Say what came of a call; ``runs_once``: its key alone tells whether it was sent before."""
    if sent.is_new:
        messages.success(request, _("Sent."))
    elif runs_once:
        messages.info(request, _("It was begun before with the same key. This is its run."))
    else:
        messages.info(request, _("That was sent before with the same idempotency key. This is its run."))
