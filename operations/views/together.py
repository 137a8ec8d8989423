"""Steering many runs: a page that says to which it can be done and asks why, and one that says what came of it."""

from typing import Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from approvals.views.viewer import viewer_of
from operations.errors import Unheard
from operations.forms.steering import SteeringTogetherForm
from operations.presentation.control import EFFECTS, VERBS_TOGETHER
from operations.rules.control import Verb
from operations.rules.roles import Permission
from operations.rules.run_query import RunQuery
from operations.selectors import places
from operations.selectors.together import RunsToSteer, matching_runs, picked_runs
from operations.services.steer_many import MOST, steer_runs
from operations.services.verbs import Steering
from restate_bridge.errors import BridgeError

_UNHEARD: Final = 503
_INVALID: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.STEER_RUN, raise_exception=True)
def together(request: HttpRequest) -> HttpResponse:
    """Show what a verb would do to the runs that are picked, or to all that match (GET), or do it (POST)."""
    given = request.POST if request.method == "POST" else request.GET
    if given.get("verb") not in list(Verb):
        return redirect("operations:runs")
    verb, query = Verb(given["verb"]), RunQuery.read(given.dict())
    try:
        runs = _runs(request, verb, query)
    except BridgeError as error:
        return _page(request, verb, query, RunsToSteer(()), problem=str(error), status=_UNHEARD)
    if request.method != "POST":
        return _page(request, verb, query, runs)
    form = SteeringTogetherForm(verb, len(runs.possible), request.POST)
    if not runs.possible or not form.is_valid():
        return _page(request, verb, query, runs, form=form, status=_INVALID)
    return _done(request, verb, query, runs, form)


def _runs(request: HttpRequest, verb: Verb, query: RunQuery) -> RunsToSteer:
    # What is done is done to those that were shown: what matches by then may be more.
    if request.method == "POST" or "all" not in request.GET:
        given = request.POST if request.method == "POST" else request.GET
        return picked_runs(verb, given.getlist("pick")[:MOST])
    return matching_runs(verb, query, now=timezone.now(), after=places.read(request.GET.get("after", "")), at_most=MOST)


def _done(
    request: HttpRequest, verb: Verb, query: RunQuery, runs: RunsToSteer, form: SteeringTogetherForm
) -> HttpResponse:
    ids, steering = [run.id for run in runs.possible], Steering(verb, **form.cleaned_data)
    try:
        results = steer_runs(operator=viewer_of(request), invocation_ids=ids, steering=steering)
    except Unheard as error:
        return _page(request, verb, query, runs, form=form, problem=str(error), status=_UNHEARD)
    context = {
        "label": VERBS_TOGETHER[verb],
        "done": [result for result in results if result.went_through],
        "unheard": [result for result in results if result.unheard],
        "not_done": [result for result in results if not (result.went_through or result.unheard)],
        "impossible": runs.impossible,
        "unknown": runs.unknown,
        "list": query.written(),
        "next": places.read(request.POST.get("after", "")),
        "verb": verb,
    }
    return render(request, "operations/together_done.html", context)


def _page(
    request: HttpRequest,
    verb: Verb,
    query: RunQuery,
    runs: RunsToSteer,
    *,
    form: SteeringTogetherForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "verb": verb,
        "label": VERBS_TOGETHER[verb],
        "effect": EFFECTS[verb],
        "runs": runs,
        "form": form or SteeringTogetherForm(verb, len(runs.possible)),
        "query": query,
        # A form that is shown again goes on where the first one would have.
        "next": runs.next or places.read(request.POST.get("after", "")),
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "operations/together.html", context, status=status)
