"""Steering many runs at once, each on its own merits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.contrib.auth.models import User

from approvals.engine import admin
from operations.errors import InvalidInput, NotAllowed, OutOfReach, Unheard
from operations.rules.control import TYPED, CameTo, Obstacle
from operations.rules.roles import Permission
from operations.services.recording import Action, recorded
from operations.services.steer import about_run, answered_by, asked_of
from operations.services.verbs import Steering, means_for, obstacle_in, read_back, tell
from restate_bridge.control import Answer
from restate_bridge.errors import BridgeError
from restate_bridge.listed_run import ListedRun, RunState
from restate_bridge.runs import find_many_listed

#: As many runs as are steered in one go: an operator waits for the answer, and sees what came of it.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it for one of them.

    Attributes:
        run: as it was read last; None where the engine does not know one of that id.
        state: what it came to as it was read back, of a restart the new run; None where the engine gave no answer.
        obstacle: why it can't be done.
        problem: why it did not go through, in the engine's words; empty when it did.
        unheard: why no answer came; it may have been done all the same.
        was_tried: whether the engine was told; after one that it gave no answer to, it is told of none.
    """

    invocation_id: str
    run: ListedRun | None = None
    state: CameTo | None = None
    new_run: str = ""
    obstacle: Obstacle | None = None
    problem: str = ""
    unheard: str = ""
    was_tried: bool = True

    @property
    def went_through(self) -> bool:
        """Whether the engine did it."""
        return self.run is not None and self.was_tried and not (self.obstacle or self.problem or self.unheard)


@dataclass(frozen=True, slots=True)
class _Told:
    run: ListedRun
    action: Action | None = None
    answer: Answer | None = None
    unheard: str = ""


def steer_runs(*, operator: User, invocation_ids: Sequence[str], steering: Steering) -> list[Result]:
    """Do the same to many runs, and return what came of it for each. Each has lines of the record of its own.

    Raises:
        NotAllowed, InvalidInput, OutOfReach: nothing was done, and nothing recorded.
    """
    _guard(operator, invocation_ids, steering)
    try:
        found, means = find_many_listed(admin(), invocation_ids), means_for(steering)
    except BridgeError as error:
        raise OutOfReach(str(error)) from error
    obstacles = {known: obstacle_in(run, steering, means) for known, run in found.items()}
    ids = list(dict.fromkeys(invocation_ids))
    told = _tell_each(operator, [found[known] for known in ids if known in found and not obstacles[known]], steering)
    states = _read_back(told.values())
    return [
        _result(told[known], states.get(known))
        if known in told
        else Result(known, found.get(known), obstacle=obstacles.get(known))
        for known in ids
    ]


def _guard(operator: User, invocation_ids: Sequence[str], steering: Steering) -> None:
    if not operator.has_perm(Permission.STEER_RUN):
        raise NotAllowed(Permission.STEER_RUN)
    if not 0 < len(invocation_ids) <= MOST:
        raise InvalidInput("runs")
    if not steering.reason.strip():
        raise InvalidInput("reason")
    if steering.verb in TYPED and steering.typed.strip() != str(len(invocation_ids)):
        raise InvalidInput("typed")


def _tell_each(operator: User, runs: Iterable[ListedRun], steering: Steering) -> dict[str, _Told]:
    """Tell the engine of each, until it gives no answer: whoever waits for it so often waits for half an hour."""
    told: dict[str, _Told] = {}
    is_away = False
    for run in runs:
        told[run.id] = _Told(run) if is_away else _tell(operator, run, steering)
        is_away = is_away or bool(told[run.id].unheard)
    return told


def _tell(operator: User, run: ListedRun, steering: Steering) -> _Told:
    asked = asked_of(run, steering)
    try:
        with recorded(operator, f"run.{steering.verb}", about_run(run), reason=steering.reason, data=asked) as action:
            answer = tell(run.id, steering)
            action.answered(answered_by(answer))
            return _Told(run, action, answer)
    except Unheard as error:
        return _Told(run, unheard=str(error))


def _read_back(told: Iterable[_Told]) -> dict[str, CameTo]:
    """Read all of them back at once, and write the third line of each."""
    answered = [(one.run, one.action, one.answer) for one in told if one.action and one.answer]
    if not answered:
        return {}
    states = read_back({run.id: answer for run, _, answer in answered}, {run.id: run for run, _, _ in answered})
    for run, action, _ in answered:
        action.came_to(states[run.id])
    return states


def _result(told: _Told, state: CameTo | None) -> Result:
    run = replace(told.run, state=state) if isinstance(state, RunState) else told.run
    if told.answer is None:
        return Result(run.id, run, unheard=told.unheard, was_tried=bool(told.unheard))
    refused = told.answer.text if told.answer.is_refusal else ""
    return Result(run.id, run, state, told.answer.new_run, problem=refused)
