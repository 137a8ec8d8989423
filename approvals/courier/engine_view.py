"""What the engine says about a batch, in two queries whatever its size; in three where nobody announced a wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from approvals.rules.json_value import is_same_json
from approvals.rules.lifecycle import DeliveryState
from approvals.rules.reconciling import RunSeen
from approvals.rules.wording import worded
from approvals.services.checks import DeliveryCheck, RequestCheck
from restate_bridge.admin import Admin
from restate_bridge.ids import signal_index
from restate_bridge.introspection import Ending, Run, arrived_signals, find_runs
from restate_bridge.waits import Answer, answers_of

_IN_WORDS: Final = {
    Ending.COMPLETED: worded("the run has ended"),
    Ending.CANCELLED: worded("the run was cancelled"),
    Ending.KILLED: worded("the run was killed"),
}
_LONGEST_FAILURE: Final = 300


@dataclass(frozen=True, slots=True)
class EngineView:
    """The runs of a batch, as the engine shows them."""

    runs: dict[str, Run]
    signals: set[tuple[str, int]]
    answers: Mapping[tuple[str, int], Answer] = field(default_factory=dict)

    def run(self, invocation_id: str) -> RunSeen | None:
        """Return what was seen of a run; None when the engine does not know it."""
        run = self.runs.get(invocation_id)
        if run is None:
            return None
        return RunSeen(_ending(run), ended_well=run.ending is Ending.COMPLETED, is_paused=run.is_paused)

    def restarted_from(self, invocation_id: str) -> str:
        """Return the id of the run that this one is a restart of; empty when it is none."""
        run = self.runs.get(invocation_id)
        return run.restarted_from if run else ""

    def has_arrived(self, check: DeliveryCheck) -> bool:
        """Tell whether the decision stands in the run's journal."""
        return (check.invocation_id, signal_index(check.awakeable_id)) in self.signals

    def was_answered(self, check: RequestCheck) -> bool:
        """Tell whether a wait that nobody announced, and nobody has decided, has an answer all the same."""
        return check.is_found and (check.invocation_id, signal_index(check.awakeable_id)) in self.signals

    def has_heard(self, check: DeliveryCheck) -> bool | None:
        """Tell whether a run that waited unannounced was answered with what was sent; None when with nothing."""
        answer = self.answers.get((check.invocation_id, signal_index(check.awakeable_id)))
        if answer is None or check.plain is None:
            return None
        if check.plain.text is None:
            return not answer.is_rejection and is_same_json(answer.text, check.plain.value)
        return answer.is_rejection and answer.text.strip() == check.plain.text.strip()


def look_at(admin: Admin, requests: Sequence[RequestCheck], deliveries: Sequence[DeliveryCheck]) -> EngineView:
    """Ask the engine about a batch.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    wanted = {check.invocation_id for check in requests} | {check.invocation_id for check in deliveries}
    runs = find_runs(admin, wanted)
    # Asked after the runs: a run that goes on when it is looked at may have got the decision by then.
    unanswered = {
        check.invocation_id
        for check in deliveries
        if check.state != DeliveryState.RECEIVED
        and (run := runs.get(check.invocation_id)) is not None
        and not run.has_ended
    } | {check.invocation_id for check in requests if check.is_pending and check.is_found}
    # Of these what came is asked for, not only whether anything did; also of those that have ended with it.
    plainly = {check.invocation_id for check in deliveries if check.plain and check.state != DeliveryState.RECEIVED}
    return EngineView(runs, arrived_signals(admin, unanswered), answers_of(admin, plainly))


def _ending(run: Run) -> str:
    if run.ending is None:
        return ""
    # The first line alone: what follows in the message of a rejection is the signed token.
    failure = run.failure.split("\n", 1)[0][:_LONGEST_FAILURE]
    return _IN_WORDS.get(run.ending) or f"the run has ended: {failure}"
