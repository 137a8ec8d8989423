"""Steering a run: a page that says what will happen and asks why, and the deed."""

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals.views.viewer import viewer_of
from operations.errors import ConsoleError, NoSuchRun, NotPossible, OutOfReach, RestartedBefore, Unheard
from operations.forms.steering import SteeringForm
from operations.presentation.control import EFFECTS, NO_ANSWER, OBSTACLES, RESTARTED_BEFORE, VERBS, done_in_words
from operations.presentation.deployments import codes_in_words
from operations.rules.control import Obstacle, Verb
from operations.rules.roles import Permission
from operations.selectors.run import SteeredRun, run_to_steer
from operations.services.steer import steer_run
from operations.services.verbs import Steering
from restate_bridge.errors import BridgeError
from restate_bridge.ids import is_invocation_id
from restate_bridge.listed_run import RunState

_UNHEARD: Final = 503
_REFUSED: Final = 409
_INVALID: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.STEER_RUN, raise_exception=True)
def steer(request: HttpRequest, invocation_id: str, verb: str) -> HttpResponse:
    """Show what a verb would do to a run (GET), or do it (POST)."""
    if verb not in list(Verb) or not is_invocation_id(invocation_id):
        raise Http404
    try:
        run = run_to_steer(invocation_id, Verb(verb))
    except BridgeError as error:
        return _away(request, invocation_id, Verb(verb), str(error))
    if run is None:
        raise Http404
    # An address chooses the step alone: what confirms is typed.
    chosen = run.point(request.GET.get("entry", ""))
    asked = request.POST if request.method == "POST" else None
    initial = {"entry": chosen.entry if chosen else 0, "restarts": len(run.restarts)}
    codes, has_its_code = codes_in_words(run), run.has_its_code
    form = SteeringForm(Verb(verb), run.service, asked, initial=initial, codes=codes, has_its_code=has_its_code)
    if asked is None:
        return _page(request, run, Verb(verb), form)
    if not form.is_valid():
        return _page(request, run, Verb(verb), form, status=_INVALID)
    return _done(request, run, Verb(verb), form)


def _away(request: HttpRequest, invocation_id: str, verb: Verb, problem: str) -> HttpResponse:
    """Say that the engine can't be asked, and give back what was typed."""
    context = {"invocation_id": invocation_id, "label": VERBS[verb], "problem": problem}
    return render(
        request, "operations/away.html", context | {"reason": request.POST.get("reason", "")}, status=_UNHEARD
    )


def _done(request: HttpRequest, run: SteeredRun, verb: Verb, form: SteeringForm) -> HttpResponse:
    try:
        steered = steer_run(
            operator=viewer_of(request), invocation_id=run.id, steering=Steering(verb, **form.cleaned_data)
        )
    except (NoSuchRun, NotPossible, RestartedBefore, Unheard) as error:
        return _not_done(request, run, verb, form, error)
    if steered.answer.is_refusal:
        run = replace(run, state=steered.state) if isinstance(steered.state, RunState) else run
        return _page(request, run, verb, form, problem=steered.answer.text, status=_REFUSED)
    messages.success(request, done_in_words(verb, steered.state))
    return redirect("operations:run", steered.answer.new_run or run.id)


def _not_done(
    request: HttpRequest, run: SteeredRun, verb: Verb, form: SteeringForm, error: ConsoleError
) -> HttpResponse:
    match error:
        case NotPossible():
            return _page(request, run, verb, form, problem=str(OBSTACLES[error.obstacle]), status=_REFUSED)
        case RestartedBefore():
            # What is sent now is another restart, by somebody who has seen this one.
            form.note_restarts(len(error.restarts))
            seen = replace(run, restarts=error.restarts)
            words, newest = str(RESTARTED_BEFORE), error.restarts[-1].id
            return _page(request, seen, verb, form, problem=words, look_at=newest, status=_REFUSED)
        case OutOfReach():
            return _away(request, run.id, verb, str(error))
        case Unheard():
            words = str(NO_ANSWER)
            return _page(request, run, verb, form, problem=words, said=str(error), look_at=run.id, status=_UNHEARD)
    raise Http404 from error


def _page(
    request: HttpRequest, run: SteeredRun, verb: Verb, form: SteeringForm, *, status: int = 200, **around: str
) -> HttpResponse:
    why_not = run.obstacles[verb]
    context = {
        "run": run,
        "form": form,
        "verb": verb,
        "label": VERBS[verb],
        "effect": EFFECTS[verb],
        "why_not": OBSTACLES[why_not] if why_not else "",
        "can_be_held": why_not is Obstacle.NEEDS_SCHEDULER,
        "point": run.point(str(form["entry"].value())) if verb is Verb.RESTART else None,
    }
    return render(request, "operations/steer.html", context | around, status=status)
