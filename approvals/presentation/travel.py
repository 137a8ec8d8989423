"""How far a decision has travelled, as the page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from approvals.models import ApprovalRequest, Delivery
from approvals.presentation.words import reason_in_words, status_in_words
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
        decided = Stage(_verdict(request), kept_from.decided_at, "done", _("Before the run was restarted."))
        return [decided, _kept(request, delivery), _finished(delivery, request)]
    way = [Stage(_verdict(request), request.settled_at, "done"), _sent(delivery), _received(delivery)]
    # Nobody reports what came of what nobody announced: that it has arrived is the end of its way.
    return way if request.is_found else [*way, _finished(delivery, request)]


def _verdict(request: ApprovalRequest) -> str:
    return status_in_words(request.status)


def _kept(request: ApprovalRequest, delivery: Delivery) -> Stage:
    """The restarted run holds the decision in its journal: nothing has to be sent."""
    title = _("Kept by the restarted run")
    if delivery.state == DeliveryState.UNDELIVERABLE:
        return Stage(title, request.settled_at, "failed", _why(delivery))
    waits = delivery.received_at is None and delivery.state in (DeliveryState.SENT, DeliveryState.KEPT)
    return Stage(title, request.settled_at, "current" if waits else "done", _paused(delivery))


def _sent(delivery: Delivery) -> Stage:
    if delivery.sent_at or delivery.received_at:
        return Stage(pgettext("stage", "Sent"), delivery.sent_at, "done")
    if delivery.state == DeliveryState.UNDELIVERABLE:
        return Stage(_("Not deliverable"), None, "failed", _why(delivery))
    return Stage(_("Queued to be sent"), None, "current", _delay(delivery))


def _delay(delivery: Delivery) -> str:
    if _waits_for_restate(delivery):
        return _("Restate is away. The decision is kept and goes out when it is back.")
    return _("Trying again: %(error)s") % {"error": delivery.last_error} if delivery.last_error else ""


def _waits_for_restate(delivery: Delivery) -> bool:
    # How restate_bridge words it when nobody answers at all.
    return delivery.last_error.startswith("Restate can't be reached")


def _received(delivery: Delivery) -> Stage:
    title = _("In the run's journal") if delivery.request.is_found else _("Received by the agent")
    if delivery.received_at:
        return Stage(title, delivery.received_at, "done", _read_back(delivery))
    if delivery.state == DeliveryState.UNDELIVERABLE and delivery.sent_at:
        return Stage(_("Not received"), None, "failed", _why(delivery))
    # What went wrong before it was sent is told at the stage before.
    error = _why(delivery) if delivery.sent_at else ""
    on_its_way = delivery.state in (DeliveryState.SENT, DeliveryState.KEPT)
    return Stage(title, None, "current" if on_its_way else "ahead", _paused(delivery) or error)


def _read_back(delivery: Delivery) -> str:
    return _("Restate was asked, and the run has it.") if delivery.request.is_found else ""


def _paused(delivery: Delivery) -> str:
    if delivery.state != DeliveryState.KEPT:
        return ""
    return _("The run is paused. Restate keeps the decision until it is resumed.")


def _why(delivery: Delivery) -> str:
    return reason_in_words(delivery.last_error)


def _finished(delivery: Delivery, request: ApprovalRequest) -> Stage:
    if delivery.state == DeliveryState.FAILED:
        return Stage(_failure(request), delivery.finished_at, "failed")
    ran = request.status == Status.APPROVED
    title = pgettext("stage", "Done") if ran else _("The agent was told")
    if delivery.state == DeliveryState.DONE:
        return Stage(title, delivery.finished_at, "done")
    running = delivery.state == DeliveryState.RECEIVED
    detail = _("The tool is running.") if running and ran else ""
    return Stage(title, None, "current" if running else "ahead", detail)


def _failure(request: ApprovalRequest) -> str:
    # After anything but an approval no tool was to run.
    return _("The tool failed") if request.status == Status.APPROVED else _("The run failed")


def in_words(delivery: Delivery) -> str:
    """Return in a word or two how far a decision has travelled, for a line of a list."""
    state = DeliveryState(delivery.state)
    if state == DeliveryState.QUEUED:
        return _queued_in_words(delivery)
    if delivery.decision.kept_from_id is not None and state in (DeliveryState.SENT, DeliveryState.RECEIVED):
        return pgettext("on its way", "kept by the restarted run")
    if delivery.request.is_found and state == DeliveryState.RECEIVED:
        return pgettext("on its way", "received by the run")
    return str((_AFTER_APPROVAL if delivery.request.status == Status.APPROVED else _AFTER_OTHERS)[state])


_AFTER_OTHERS: Final = {
    DeliveryState.SENT: pgettext_lazy("on its way", "sent"),
    DeliveryState.KEPT: pgettext_lazy("on its way", "kept, the run is paused"),
    DeliveryState.RECEIVED: pgettext_lazy("on its way", "received by the agent"),
    DeliveryState.DONE: pgettext_lazy("on its way", "the agent was told"),
    DeliveryState.FAILED: pgettext_lazy("on its way", "the run failed"),
    DeliveryState.UNDELIVERABLE: pgettext_lazy("on its way", "not deliverable"),
}
_AFTER_APPROVAL: Final = _AFTER_OTHERS | {
    DeliveryState.DONE: pgettext_lazy("on its way", "done"),
    DeliveryState.FAILED: pgettext_lazy("on its way", "the tool failed"),
}


def _queued_in_words(delivery: Delivery) -> str:
    if _waits_for_restate(delivery):
        return pgettext("on its way", "waits until Restate is back")
    if delivery.claimed_at:
        return pgettext("on its way", "to be sent")
    return pgettext("on its way", "goes out in a moment")
