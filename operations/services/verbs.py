"""Doing a verb to a run, and reading what the run comes to."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from approvals.engine import admin, control
from operations.rules.control import CameTo, Obstacle, Unread, Verb, obstacle_to, obstacle_to_keeping_code
from restate_bridge.control import Answer, Code
from restate_bridge.deployments import list_deployments
from restate_bridge.errors import BridgeError
from restate_bridge.listed_run import ListedRun, RunState
from restate_bridge.runs import find_many_listed
from restate_bridge.version import engine_version

# What was told to a run happens in a moment: so long the page waits to be able to say what came of it.
_HEEDED_WITHIN: Final = 2.0
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 0.8
_ON_ITS_WAY: Final = frozenset({RunState.RUNNING, RunState.QUEUED})

# What a run is, and the deployment that it is pinned to.
type Seen = tuple[CameTo, str]


@dataclass(frozen=True, slots=True)
class Steering:
    """What is to be done, and why.

    Attributes:
        typed: where `TYPED` asks for it, the name of the run's service; of many runs their number.
        deployment: the code with which a run goes on, or begins anew.
        entry: of a restart, the last entry of the journal that is kept.
        restarts: how many restarts of the run whoever asks for another has seen.
    """

    verb: Verb
    reason: str
    typed: str = ""
    deployment: Code = "keep"
    entry: int = 0
    restarts: int = 0


def tell(invocation_id: str, steering: Steering) -> Answer:
    """Tell the engine what is to be done to a run.

    Raises:
        EngineAway: it gave no answer; it may have heard all the same.
    """
    engine = control()
    match steering.verb:
        case Verb.PAUSE:
            return engine.pause(invocation_id)
        case Verb.RESUME | Verb.RETRY | Verb.MOVE:
            return engine.resume(invocation_id, deployment=code_of(steering))
        case Verb.CANCEL:
            return engine.cancel(invocation_id)
        case Verb.KILL:
            return engine.kill(invocation_id)
        case Verb.RESTART:
            return engine.restart(invocation_id, entry=steering.entry, deployment=steering.deployment)
        case Verb.PURGE:
            return engine.purge(invocation_id)


@dataclass(frozen=True, slots=True)
class Means:
    """What the engine can do for a verb now.

    Attributes:
        waits_can_be_paused: whether it has the scheduler for that.
        codes: the ids of the deployments there are; None where the verb does not depend on them.
    """

    waits_can_be_paused: bool
    codes: Collection[str] | None = None


def means_for(steering: Steering) -> Means:
    """Return what the engine can do for a verb now.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    can_pause = engine_version(admin()).waits_can_be_paused
    if steering.verb is not Verb.RESTART or steering.deployment != "keep":
        return Means(can_pause)
    return Means(can_pause, {deployment.id for deployment in list_deployments(admin())})


def obstacle_in(run: ListedRun, steering: Steering, means: Means) -> Obstacle | None:
    """Return why a verb can't be done to a run; None when it can."""
    obstacle = obstacle_to(steering.verb, run.state, waits_can_be_paused=means.waits_can_be_paused)
    return obstacle if means.codes is None else obstacle or obstacle_to_keeping_code(run.deployment, means.codes)


def code_of(steering: Steering) -> Code:
    """Return the code with which a run is told to go on."""
    return "latest" if steering.verb is Verb.MOVE else steering.deployment


def read_back(answers: Mapping[str, Answer], before: Mapping[str, ListedRun]) -> dict[str, CameTo]:
    """Return what runs come to, or what they are after a while; of a restart that of the new run.

    What the engine has refused is read once: nothing comes of that.

    Args:
        answers: what the engine said, by the ids of the runs.
        before: the same runs as they were.

    Returns:
        By the same ids.
    """
    heeded = [known for known, answer in answers.items() if not answer.is_refusal]
    former = {known: _was(before[known], answers[known]) for known in heeded}
    until, pause = time.monotonic() + _HEEDED_WITHIN, _FIRST_PAUSE
    while True:
        seen = _seen({known: answer.new_run or known for known, answer in answers.items()})
        left = until - time.monotonic()
        if left <= 0 or all(_has_settled(seen[known], former[known]) for known in heeded):
            return {known: state for known, (state, _code) in seen.items()}
        time.sleep(min(pause, left))
        pause = min(2 * pause, _LONGEST_PAUSE)


def _was(run: ListedRun, answer: Answer) -> Seen:
    # What a restart begins is not there at first.
    return (Unread.GONE, "") if answer.new_run else (run.state, run.deployment)


def _seen(read: Mapping[str, str]) -> dict[str, Seen]:
    try:
        found = find_many_listed(admin(), list(read.values()))
    except BridgeError:
        return dict.fromkeys(read, (Unread.UNKNOWN, ""))  # it was done all the same: the answers said so
    return {
        known: (found[run].state, found[run].deployment) if run in found else (Unread.GONE, "")
        for known, run in read.items()
    }


def _has_settled(now: Seen, former: Seen) -> bool:
    # A run that is cancelled or resumed runs for a moment before it is what it will be. One that is moved to other code
    # does so before it waits again.
    return now != former and now[0] not in _ON_ITS_WAY
