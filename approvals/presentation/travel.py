"""How far a decision has travelled, as the page shows it."""

from dataclasses import dataclass
from datetime import datetime

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


def _sent(delivery: Delivery) -> Stage:
    if delivery.sent_at:
        return Stage("Sent", delivery.sent_at, "done")
    if delivery.received_at:
        return Stage("Sent", None, "done")
    if delivery.state == DeliveryState.UNDELIVERABLE:
        return Stage("Not deliverable", None, "failed", delivery.last_error)
    detail = f"Trying again: {delivery.last_error}" if delivery.last_error else ""
    return Stage("Queued to be sent", None, "current", detail)


def _received(delivery: Delivery) -> Stage:
    title = "Received by the agent"
    if delivery.received_at:
        return Stage(title, delivery.received_at, "done")
    if delivery.state == DeliveryState.KEPT:
        return Stage(title, None, "current", "The run is paused. Restate keeps the decision until it is resumed.")
    if delivery.state == DeliveryState.UNDELIVERABLE and delivery.sent_at:
        return Stage("Not received", None, "failed", delivery.last_error)
    return Stage(title, None, "current" if delivery.state == DeliveryState.SENT else "ahead", delivery.last_error)


def _finished(delivery: Delivery, request: ApprovalRequest) -> Stage:
    if delivery.state == DeliveryState.FAILED:
        return Stage("The tool failed", delivery.finished_at, "failed")
    if delivery.state == DeliveryState.DONE:
        ran = request.status == Status.APPROVED
        return Stage("Done" if ran else "The agent was told", delivery.finished_at, "done")
    running = delivery.state == DeliveryState.RECEIVED
    return Stage("Done", None, "current" if running else "ahead", "The tool is running." if running else "")


def in_words(delivery: Delivery) -> str:
    """Return in a word or two how far a decision has travelled, for a line of a list."""
    ran = delivery.request.status == Status.APPROVED
    return {
        DeliveryState.QUEUED: "to be sent",
        DeliveryState.SENT: "sent",
        DeliveryState.KEPT: "kept, the run is paused",
        DeliveryState.RECEIVED: "received by the agent",
        DeliveryState.DONE: "done" if ran else "the agent was told",
        DeliveryState.FAILED: "the tool failed",
        DeliveryState.UNDELIVERABLE: "not deliverable",
    }[DeliveryState(delivery.state)]
