"""How far a decision has travelled, as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from approvals.models import ApprovalRequest, Delivery
from approvals.rules.lifecycle import DeliveryState, Status


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage on the way.

    Attributes:
        title: what it is called.
        at: when it was reached, None while it has not been.
        state: ``done``, ``current``, ``ahead`` or ``failed``.
        detail: what to know about it, may be empty.
    """

    title: str
    at: datetime | None
    state: str
    detail: str = ""


def stages_of(request: ApprovalRequest) -> list[Stage]:
    """Return the way of a settled request's decision; empty for one that is pending or was withdrawn."""
    delivery: Delivery | None = getattr(request, "delivery", None)
    if delivery is None:
        return []
    kept_from = delivery.decision.kept_from
    if kept_from is not None:
        decided = Stage(_verdict(request), kept_from.decided_at, "done", "Before the run was restarted.")
        return [decided, _kept(request, delivery), _finished(delivery, request)]
    return [
        Stage(_verdict(request), request.settled_at, "done"),
        _sent(delivery),
        _received(delivery),
        _finished(delivery, request),
    ]


def _verdict(request: ApprovalRequest) -> str:
    return {
        Status.APPROVED: "Approved",
        Status.REJECTED: "Rejected",
        Status.ANSWERED: "Answered",
        Status.EXPIRED: "Expired",
    }.get(Status(request.status), "Decided")


def _kept(request: ApprovalRequest, delivery: Delivery) -> Stage:
    """The restarted run holds the decision in its journal: nothing has to be sent."""
    title = "Kept by the restarted run"
    if delivery.state == DeliveryState.UNDELIVERABLE:
        return Stage(title, request.settled_at, "failed", delivery.last_error)
    waits = delivery.received_at is None and delivery.state in (DeliveryState.SENT, DeliveryState.KEPT)
    return Stage(title, request.settled_at, "current" if waits else "done", _PAUSED.get(delivery.state, ""))


def _sent(delivery: Delivery) -> Stage:
    if delivery.sent_at or delivery.received_at:
        return Stage("Sent", delivery.sent_at, "done")
    if delivery.state == DeliveryState.UNDELIVERABLE:
        return Stage("Not deliverable", None, "failed", delivery.last_error)
    return Stage("Queued to be sent", None, "current", _delay(delivery))


def _delay(delivery: Delivery) -> str:
    if _waits_for_restate(delivery):
        return "Restate is away. The decision is kept and goes out when it is back."
    return f"Trying again: {delivery.last_error}" if delivery.last_error else ""


def _waits_for_restate(delivery: Delivery) -> bool:
    # How restate_bridge words it when nobody answers at all.
    return delivery.last_error.startswith("Restate can't be reached")


def _received(delivery: Delivery) -> Stage:
    title = "Received by the agent"
    if delivery.received_at:
        return Stage(title, delivery.received_at, "done")
    if delivery.state == DeliveryState.UNDELIVERABLE and delivery.sent_at:
        return Stage("Not received", None, "failed", delivery.last_error)
    # What went wrong before it was sent is told at the stage before.
    error = delivery.last_error if delivery.sent_at else ""
    on_its_way = delivery.state in (DeliveryState.SENT, DeliveryState.KEPT)
    return Stage(title, None, "current" if on_its_way else "ahead", _PAUSED.get(delivery.state, error))


_PAUSED: Final[Mapping[str, str]] = {
    DeliveryState.KEPT: "The run is paused. Restate keeps the decision until it is resumed."
}


def _finished(delivery: Delivery, request: ApprovalRequest) -> Stage:
    if delivery.state == DeliveryState.FAILED:
        return Stage(_failure(request), delivery.finished_at, "failed")
    ran = request.status == Status.APPROVED
    if delivery.state == DeliveryState.DONE:
        return Stage("Done" if ran else "The agent was told", delivery.finished_at, "done")
    running = delivery.state == DeliveryState.RECEIVED
    detail = "The tool is running." if running and ran else ""
    return Stage("Done" if ran else "The agent was told", None, "current" if running else "ahead", detail)


def _failure(request: ApprovalRequest) -> str:
    # After anything but an approval no tool was to run.
    return "The tool failed" if request.status == Status.APPROVED else "The run failed"


def in_words(delivery: Delivery) -> str:
    """Return in a word or two how far a decision has travelled, for a line of a list."""
    state = DeliveryState(delivery.state)
    if state == DeliveryState.QUEUED:
        return _queued_in_words(delivery)
    if delivery.decision.kept_from_id is not None and state in (DeliveryState.SENT, DeliveryState.RECEIVED):
        return "kept by the restarted run"
    ran = delivery.request.status == Status.APPROVED
    return {
        DeliveryState.SENT: "sent",
        DeliveryState.KEPT: "kept, the run is paused",
        DeliveryState.RECEIVED: "received by the agent",
        DeliveryState.DONE: "done" if ran else "the agent was told",
        DeliveryState.FAILED: _failure(delivery.request).lower(),
        DeliveryState.UNDELIVERABLE: "not deliverable",
    }[state]


def _queued_in_words(delivery: Delivery) -> str:
    if _waits_for_restate(delivery):
        return "waits until Restate is back"
    return "to be sent" if delivery.claimed_at else "goes out in a moment"
