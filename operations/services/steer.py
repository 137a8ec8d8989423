"""Steering one run: pause, resume, retry, cancel, kill, restart, purge."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from approvals.engine import admin
from operations.errors import InvalidInput, NoSuchRun, NotAllowed, NotPossible, OutOfReach, RestartedBefore
from operations.rules.control import TYPED, CameTo, Verb
from operations.rules.restarting import MOST_RESTARTS
from operations.rules.roles import Permission
from operations.services.recording import About, recorded
from operations.services.verbs import Steering, code_of, means_for, obstacle_in, read_back, tell
from restate_bridge.control import Answer
from restate_bridge.errors import BridgeError
from restate_bridge.ids import MalformedId
from restate_bridge.listed_run import ListedRun
from restate_bridge.runs import find_listed, restarts_of


@dataclass(frozen=True, slots=True)
class Steered:
    """What came of it.

    Attributes:
        answer: what the engine said.
        state: what the run came to as it was read back, of a restart the new one; of a refusal what it is.
    """

    answer: Answer
    state: CameTo


def steer_run(*, operator: User, invocation_id: str, steering: Steering) -> Steered:
    """Do something to a run, and return what came of it. The record has a line before and two behind it.

    Raises:
        NotAllowed, NoSuchRun, NotPossible, RestartedBefore, InvalidInput, OutOfReach: nothing was done, and nothing
            recorded.
        Unheard: the engine gave no answer; it may have done it all the same.
    """
    if not operator.has_perm(Permission.STEER_RUN):
        raise NotAllowed(Permission.STEER_RUN)
    before = _guarded(invocation_id, steering)
    about, asked = about_run(before), asked_of(before, steering)
    with recorded(operator, f"run.{steering.verb}", about, reason=steering.reason, data=asked) as action:
        answer = tell(invocation_id, steering)
        action.answered(answered_by(answer))
    state = read_back({before.id: answer}, {before.id: before})[before.id]
    action.came_to(state)
    return Steered(answer, state)


def about_run(run: ListedRun) -> About:
    """Return what the record calls a run."""
    return About(run.target, run.id)


def asked_of(run: ListedRun, steering: Steering) -> dict[str, str | int]:
    """Return what the record's first line keeps."""
    return {"state": run.state, "from": run.deployment, "deployment": code_of(steering), "entry": steering.entry}


def answered_by(answer: Answer) -> dict[str, str | int]:
    """Return what the record's second line keeps."""
    return {"status": answer.status, "text": answer.text, "new_run": answer.new_run}


def _guarded(invocation_id: str, steering: Steering) -> ListedRun:
    """Return the run, if what is asked for can be done to it now."""
    if not steering.reason.strip():
        raise InvalidInput("reason")
    try:
        run, means = find_listed(admin(), invocation_id), means_for(steering)
    except MalformedId as error:
        raise NoSuchRun(invocation_id) from error
    except BridgeError as error:
        raise OutOfReach(str(error)) from error
    if run is None:
        raise NoSuchRun(invocation_id)
    if steering.verb in TYPED and steering.typed.strip() != run.service:
        raise InvalidInput("typed")
    if obstacle := obstacle_in(run, steering, means):
        raise NotPossible(obstacle)
    if steering.verb is Verb.RESTART:
        _guard_restarts(run, steering)
    return run


def _guard_restarts(run: ListedRun, steering: Steering) -> None:
    """Refuse a restart that somebody may have asked for before, such as when no answer came."""
    try:
        restarts = restarts_of(admin(), run.id, at_most=MOST_RESTARTS)
    except BridgeError as error:
        raise OutOfReach(str(error)) from error
    if len(restarts) > steering.restarts:
        raise RestartedBefore(restarts)
