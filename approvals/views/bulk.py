"""Deciding many at once, each on its own merits."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.errors import ApprovalError, ChangedSince, InvalidInput, NotAuthorised
from approvals.models import ApprovalRequest, Decision
from approvals.outages import DATABASE_AWAY, is_away
from approvals.rules.bulk import can_be_picked
from approvals.rules.eligibility import Obstacle
from approvals.selectors.requests import requests_by_id
from approvals.selectors.runs import ended_runs_behind
from approvals.services.decide import LONGEST_NOTE, approve_request, reject_request
from approvals.services.decide_many import Shown, Verdict, decide_plain
from approvals.services.guards import check_words
from approvals.views.listing import queue_context
from approvals.views.picks import Pick, read_picks
from approvals.views.posting import text_of
from approvals.views.refusals import refusal_besides, refusal_for, refusal_for_ended, went_through_before
from approvals.views.viewer import viewer_of
from restate_bridge.contract import Outcome
from restate_bridge.endings import Ended

logger = logging.getLogger(__name__)

_VERBS: Final[Mapping[str, tuple[Callable[..., Decision], Verdict]]] = {
    "approve": (approve_request, Outcome.APPROVED),
    "reject": (reject_request, Outcome.REJECTED),
}
#: As many as a page of the list shows.
_MOST: Final = 50

type _Picked = tuple[ApprovalRequest, Pick]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of the selected.

    Attributes:
        problem: why it did not go through; empty when it did.
        again: what a box that tries it again stands for; None where that would lead to nothing.
    """

    request: ApprovalRequest
    problem: str = ""
    again: Pick | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def decide_selected(request: HttpRequest) -> HttpResponse:
    """Decide each of the selected on its own merits, and tell what went through and what did not."""
    if request.method != "POST":
        return redirect("approvals:inbox")
    picks, note = read_picks(request.POST.getlist("pick")[:_MOST]), text_of(request, "note").strip()
    verb = request.POST.get("verb", "")
    if problem := _problem_with(picks, verb, note):
        return _list_again(request, picks, problem)
    results = _decide(viewer_of(request), picks, verb, note)
    context = {
        "verb": verb,
        "done": [result for result in results if not result.problem],
        "refused": [result for result in results if result.problem],
        "can_try_again": any(result.again for result in results),
        "unknown": len(picks) - len(results),
        "list": request.POST.get("list", ""),
        "note": note,
        "undo_seconds": round(settings.UNDO_WINDOW.total_seconds()),
    }
    return render(request, "approvals/bulk.html", context)


def _problem_with(picks: Sequence[Pick], verb: str, note: str) -> str:
    """Return what is wrong with all of it, so that not even the first needs to be tried; empty when nothing is."""
    if not picks:
        return _("Nothing is selected. Tick the requests that you want to decide.")
    if verb not in _VERBS:
        return _("Choose whether to approve or to reject what is selected.")
    if verb == "reject" and not note:
        return _("Say why: the agents and the record need a reason.")
    try:
        check_words("note", note, LONGEST_NOTE)
    except InvalidInput as error:
        return refusal_besides(error)[1]
    return ""


def _list_again(request: HttpRequest, picks: Sequence[Pick], problem: str) -> HttpResponse:
    """Show the list that it was posted from, with what was selected and written."""
    picked = {pick.request_id for pick in picks}
    bulk = {"problem": problem, "note": text_of(request, "note"), "picked": picked}
    return render(request, "approvals/inbox.html", queue_context(request) | {"bulk": bulk}, status=422)


def _decide(user: User, picks: Sequence[Pick], verb: str, note: str) -> list[Result]:
    found = requests_by_id(user, [pick.request_id for pick in picks])
    ended = ended_runs_behind(found.values())
    chosen = [(found[pick.request_id], pick) for pick in picks if pick.request_id in found]
    hopeless = {picked.pk: result for picked, _ in chosen if (result := _hopeless(picked, ended.get(picked.pk)))}
    shown = {pick.request_id: Shown(pick.seen, pick.version) for picked, pick in chosen if picked.pk not in hopeless}
    window = settings.UNDO_WINDOW
    try:
        plain = decide_plain(reviewer=user, shown=shown, outcome=_VERBS[verb][1], note=note, undo_window=window)
    except DatabaseError as error:  # Perhaps one is to blame: one by one the others go through.
        if is_away(error):
            raise
        logger.warning("%s could not be decided together", len(shown), exc_info=True)
        plain = set()
    results = hopeless | {picked.pk: Result(picked) for picked, _ in chosen if picked.pk in plain}
    rest = [(picked, pick) for picked, pick in chosen if picked.pk not in results]
    results |= _one_by_one(rest, partial(_decided, user=user, verb=verb, note=note), went_through=bool(plain))
    return [results[picked.pk] for picked, _ in chosen]


def _hopeless(picked: ApprovalRequest, ended: Ended | None) -> Result | None:
    """Return why a request can't be decided in this way; None when it can be tried."""
    if not can_be_picked(picked.kind, picked.risk, is_found=picked.is_found):
        return Result(picked, _("This needs a decision of its own: open it."))
    return Result(picked, refusal_for_ended(ended)) if ended else None


def _one_by_one(
    rest: Sequence[_Picked], decide: Callable[[ApprovalRequest, Pick], Result], *, went_through: bool
) -> dict[int, Result]:
    """Decide what is not plain; a database that goes away costs nobody the answer to what had gone through by then."""
    results: dict[int, Result] = {}
    for number, (picked, pick) in enumerate(rest):
        try:
            results[picked.pk] = decide(picked, pick)
        except DATABASE_AWAY:
            if not (went_through or any(not result.problem for result in results.values())):
                raise
            logger.exception("%s could not be decided: the database is away", len(rest) - number)
            problem = _("The database went away, so it could not be confirmed whether this was decided. Try it again.")
            return results | {left.pk: Result(left, problem, again) for left, again in rest[number:]}
    return results


def _decided(picked: ApprovalRequest, pick: Pick, *, user: User, verb: str, note: str) -> Result:
    """Decide one that is not plain, or find out why it can't be: its own transaction, its own line of the record."""
    decide, outcome = _VERBS[verb]
    shown = {"seen": pick.seen, "version": pick.version}
    try:
        decide(request_id=picked.pk, reviewer=user, note=note, undo_window=settings.UNDO_WINDOW, **shown)
    except ApprovalError as error:
        if went_through_before(error, user, outcome) or _has_approved(error, outcome):
            return Result(picked)
        return Result(picked, refusal_for(error)[1], _again(pick, error))
    except DatabaseError as error:
        if is_away(error):
            raise
        # What is wrong with this one must not cost the others, which went through, their answer.
        logger.exception("request %s could not be decided", picked.pk)
        return Result(picked, _("It could not be kept, so nothing was decided. Try it again."), pick)
    return Result(picked)


def _has_approved(error: ApprovalError, outcome: Outcome) -> bool:
    """Tell whether an approval is refused because the same person's counts already, and waits for another's."""
    is_refused = isinstance(error, NotAuthorised) and error.obstacle is Obstacle.ALREADY_APPROVED
    return is_refused and outcome is Outcome.APPROVED


def _again(pick: Pick, error: ApprovalError) -> Pick | None:
    """Return what a box stands for that tries it again: all that the refusal tells is seen by then.

    Other arguments it does not tell: those have to be looked at on the request's page.
    """
    return replace(pick, version=error.changes[-1].pk) if isinstance(error, ChangedSince) else None
