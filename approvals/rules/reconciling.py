"""What follows from comparing the inbox with the engine: facts in, verdict out. Times are in seconds."""

from dataclasses import dataclass
from enum import StrEnum

from approvals.rules.lifecycle import DeliveryState
from approvals.rules.wording import worded

OVERTAKEN = worded("something else answered the agent first, and it has asked again: only the newer request counts")
ANSWERED_OTHERWISE = worded("something else has answered it")
UNKNOWN = worded("Restate no longer knows the run")


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run that the engine knows; where None stands instead, it does not.

    Attributes:
        ending: how it has ended, in words; empty while it goes on.
        ended_well: whether it has ended without a failure.
        is_paused: whether it goes on only when somebody resumes it.
    """

    ending: str = ""
    ended_well: bool = False
    is_paused: bool = False


class Flag(StrEnum):
    """What has changed about whether the engine knows a run."""

    MISSING = "missing"
    FOUND = "found"


class Step(StrEnum):
    """What is to be done about a request or a delivery.

    ``look_again``: nothing. ``withdraw``: the request, since its run has ended. ``link``: the request to the one of the
    run that its own was restarted from. ``queue_again``: the decision never got to the run. ``keep``: the run is
    paused. ``go_on``: it no longer is. ``give_up``: the decision will never be received. ``take_over``: the report
    that was given before the run was restarted. ``call_failed``: the agent will never report. ``receive``: what
    was sent stands in the run's journal, and nobody will say more of it.
    """

    LOOK_AGAIN = "look_again"
    WITHDRAW = "withdraw"
    LINK = "link"
    QUEUE_AGAIN = "queue_again"
    KEEP = "keep"
    GO_ON = "go_on"
    GIVE_UP = "give_up"
    TAKE_OVER = "take_over"
    CALL_FAILED = "call_failed"
    RECEIVE = "receive"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, and why, in words for people."""

    step: Step
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """What is known about a delivery that was sent and has not come to its end.

    Attributes:
        arrived: whether the decision stands in the run's journal.
        missing_for: how long the engine has not known the run; None when it was known the last time.
        grace: how long that may last.
        overtaken: whether the agent has asked again since.
        reported_before: whether the agent had reported already when the run was restarted with this decision.
    """

    state: DeliveryState
    run: RunSeen | None
    arrived: bool
    missing_for: float | None
    grace: float
    overtaken: bool = False
    reported_before: bool = False


def flag_for(run: RunSeen | None, *, flagged: bool) -> Flag | None:
    """Return what has changed; ``flagged`` is whether the run was missing the last time."""
    if run is None:
        return None if flagged else Flag.MISSING
    return Flag.FOUND if flagged else None


def judge_request(
    run: RunSeen | None, *, pending: bool, unlinked_restart: bool, answered_otherwise: bool = False
) -> Verdict:
    """Judge a request; ``unlinked_restart``: its run was restarted from one whose request is not linked yet.

    A run that the engine does not know withdraws nothing: it may be known again.

    Args:
        answered_otherwise: something has answered a wait that nobody announced; no agent will ask again.
    """
    if pending and run is not None and run.ending:
        return Verdict(Step.WITHDRAW, run.ending)
    if pending and answered_otherwise:
        return Verdict(Step.WITHDRAW, ANSWERED_OTHERWISE)
    return Verdict(Step.LINK) if unlinked_restart else Verdict(Step.LOOK_AGAIN)


def judge_delivery(facts: DeliveryFacts) -> Verdict:
    """Judge a delivery that is sent, kept or received."""
    ending = _ending(facts)
    if facts.state is DeliveryState.RECEIVED:
        return _judge_received(facts, ending)
    if facts.overtaken:
        return Verdict(Step.GIVE_UP, OVERTAKEN)
    if ending:
        return Verdict(Step.GIVE_UP, ending)
    if facts.run is None:
        return Verdict(Step.LOOK_AGAIN)
    if not facts.arrived:
        return Verdict(Step.QUEUE_AGAIN)
    if facts.run.is_paused == (facts.state is DeliveryState.KEPT):
        return Verdict(Step.LOOK_AGAIN)
    return Verdict(Step.KEEP if facts.run.is_paused else Step.GO_ON)


def judge_plain_delivery(facts: DeliveryFacts, *, heard: bool | None) -> Verdict:
    """Judge a delivery, sent or kept, to a wait that nobody announced.

    Args:
        heard: whether what answered the run is what was sent; None when nothing has. It counts also when the run has
            ended since: nobody else will ever tell that it had arrived.
    """
    if heard is False:
        return Verdict(Step.GIVE_UP, ANSWERED_OTHERWISE)
    if heard and not (facts.run is not None and facts.run.is_paused):
        return Verdict(Step.RECEIVE)
    return judge_delivery(facts)


def patience(sent_for: float, *, at_least: float, at_most: float) -> float:
    """Return after how long to look again: less often, the longer it takes."""
    return min(max(at_least, sent_for / 2), at_most)


def _judge_received(facts: DeliveryFacts, ending: str) -> Verdict:
    if not ending:
        return Verdict(Step.LOOK_AGAIN)
    if facts.reported_before and facts.run is not None and facts.run.ended_well:
        return Verdict(Step.TAKE_OVER)
    return Verdict(Step.CALL_FAILED, ending)


def _ending(facts: DeliveryFacts) -> str:
    """Return how the run has ended, in words; one that was missing for too long counts as ended."""
    if facts.run is not None:
        return facts.run.ending
    return UNKNOWN if (facts.missing_for or 0) >= facts.grace else ""
