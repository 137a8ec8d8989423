"""From what the inbox and the engine say about a batch to what is to be done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from approvals.courier.engine_view import EngineView
from approvals.rules.lifecycle import DeliveryState
from approvals.rules.reconciling import (
    DeliveryFacts,
    Flag,
    Verdict,
    flag_for,
    judge_delivery,
    judge_plain_delivery,
    judge_request,
    patience,
)
from approvals.services.acknowledge import LOOK_AFTER_RECEIVED
from approvals.services.checks import DeliveryCheck, RequestCheck
from restate_bridge.ids import awakeable_id, signal_index

# A request is looked at again after a twentieth of its age, from the shortest interval to twenty of them.
_PART_OF_AGE: Final = 0.1
_LONGEST_INTERVAL: Final = 20


@dataclass(frozen=True, slots=True)
class Intervals:
    """How patient the reconciler is.

    Attributes:
        check_after: how long an agent has to acknowledge a decision before its run is looked at.
        reconcile_every: how often a pending request's run is looked at; less often the longer it waits.
        missing_grace: how long the engine may not know a run before a decision for it is given up.
    """

    check_after: timedelta
    reconcile_every: timedelta
    missing_grace: timedelta


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be done about one request or delivery.

    Attributes:
        delivery_id: None for a request.
        look_again_at: None for never.
        parent: the run that this request's run is a restart of; empty when it is none.
    """

    request_id: int
    delivery_id: int | None
    flag: Flag | None
    verdict: Verdict
    look_again_at: datetime | None
    parent: str = ""


def parents_request(check: RequestCheck, view: EngineView) -> str:
    """Return the awakeable by which the run before asked the same, if this run is a restart and not linked yet."""
    parent = view.restarted_from(check.invocation_id)
    return awakeable_id(parent, signal_index(check.awakeable_id)) if parent and not check.is_linked else ""


def compare_request(
    check: RequestCheck, view: EngineView, *, announced: Collection[str], intervals: Intervals, now: datetime
) -> Finding:
    """Compare a request; ``announced`` are those of `parents_request` that the inbox holds."""
    run = view.run(check.invocation_id)
    unlinked = parents_request(check, view) in announced
    return Finding(
        check.request_id,
        None,
        flag_for(run, flagged=check.missing_since is not None) if check.is_pending else None,
        judge_request(
            run, pending=check.is_pending, unlinked_restart=unlinked, answered_otherwise=view.was_answered(check)
        ),
        now + _interval(check, intervals, now) if check.is_pending else None,
        view.restarted_from(check.invocation_id),
    )


def compare_delivery(check: DeliveryCheck, view: EngineView, *, intervals: Intervals, now: datetime) -> Finding:
    """Compare a delivery that is on its way."""
    run = view.run(check.invocation_id)
    facts = DeliveryFacts(
        check.state,
        run,
        arrived=view.has_arrived(check),
        missing_for=(now - check.missing_since).total_seconds() if check.missing_since else None,
        grace=intervals.missing_grace.total_seconds(),
        overtaken=check.overtaken,
        reported_before=check.reported_before,
    )
    flag = flag_for(run, flagged=check.missing_since is not None)
    look_again_at = now + _patience_with(check, intervals, now)
    plain = check.plain is not None and check.state != DeliveryState.RECEIVED
    verdict = judge_plain_delivery(facts, heard=view.has_heard(check)) if plain else judge_delivery(facts)
    return Finding(check.request_id, check.delivery_id, flag, verdict, look_again_at)


def _interval(check: RequestCheck, intervals: Intervals, now: datetime) -> timedelta:
    """Return when to look again: what has waited for hours is looked at less often, so that many can wait."""
    at_least = intervals.reconcile_every.total_seconds()
    age = (now - check.announced_at).total_seconds()
    return timedelta(seconds=patience(age * _PART_OF_AGE, at_least=at_least, at_most=at_least * _LONGEST_INTERVAL))


def _patience_with(check: DeliveryCheck, intervals: Intervals, now: datetime) -> timedelta:
    if check.state == DeliveryState.RECEIVED:
        return LOOK_AFTER_RECEIVED
    sent_for = (now - check.sent_at).total_seconds() if check.sent_at else 0.0
    at_least, at_most = intervals.check_after.total_seconds(), LOOK_AFTER_RECEIVED.total_seconds()
    return timedelta(seconds=patience(sent_for, at_least=at_least, at_most=at_most))
