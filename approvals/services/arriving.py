"""What the courier found out about a delivery by looking at its run. What the agent itself says goes before."""

from datetime import datetime
from typing import Final

from django.db import transaction
from pydantic import JsonValue

from approvals.models import Delivery
from approvals.rules.lifecycle import DeliveryState, Status, check_delivery
from approvals.services.recording import COURIER, record
from approvals.services.travelling import lock_delivery

_UNDER_WAY: Final = (DeliveryState.SENT, DeliveryState.KEPT)


@transaction.atomic
def note_kept(*, delivery_id: int, at: datetime) -> None:
    """The run is paused: Restate keeps the decision until somebody resumes it."""
    _note(delivery_id, DeliveryState.KEPT, at)


@transaction.atomic
def note_going_on(*, delivery_id: int, at: datetime) -> None:
    """The run is paused no longer: the decision stands in its journal, and the agent will get to it."""
    _note(delivery_id, DeliveryState.SENT, at)


@transaction.atomic
def note_read_back(*, delivery_id: int, at: datetime) -> None:
    """What was sent stands in the run's journal. Nobody announced this wait, so nobody will acknowledge or report."""
    delivery = lock_delivery(delivery_id)
    if delivery.state not in _UNDER_WAY:
        return
    check_delivery(DeliveryState(delivery.state), DeliveryState.RECEIVED)
    delivery.state, delivery.received_at, delivery.due_at, delivery.last_error = DeliveryState.RECEIVED, at, None, ""
    delivery.save(update_fields=["state", "received_at", "due_at", "last_error"])
    record(delivery.request, actor=COURIER, code="delivery.read_back", at=at)


@transaction.atomic
def queue_again(*, delivery_id: int, at: datetime) -> None:
    """The run does not have the decision, though Restate took it: send it again."""
    _note(delivery_id, DeliveryState.QUEUED, at, due_at=at)


@transaction.atomic
def note_undeliverable(*, delivery_id: int, at: datetime, reason: str) -> None:
    """Nobody will receive the decision any more."""
    _note(delivery_id, DeliveryState.UNDELIVERABLE, at, reason=reason)


@transaction.atomic
def note_not_awaited(*, delivery_id: int, at: datetime, reason: str, actor: str) -> None:
    """The agent has stopped waiting for a decision that has not reached it; if it is not sent yet, it never is."""
    delivery = lock_delivery(delivery_id)
    if delivery.state not in (DeliveryState.QUEUED, *_UNDER_WAY):
        return
    check_delivery(DeliveryState(delivery.state), DeliveryState.UNDELIVERABLE)
    delivery.state, delivery.last_error, delivery.due_at = DeliveryState.UNDELIVERABLE, reason, None
    delivery.save(update_fields=["state", "last_error", "due_at"])
    record(delivery.request, actor=actor, code="delivery.not_awaited", at=at, data={"reason": reason})


@transaction.atomic
def note_never_reported(*, delivery_id: int, at: datetime, reason: str) -> None:
    """The run has ended after it received the decision, and nobody knows what came of it.

    It has no time of its end: should the run come back after all, its report still counts.
    """
    delivery = lock_delivery(delivery_id)
    if delivery.state != DeliveryState.RECEIVED:
        return
    result = f"The agent received the decision and never reported: {reason}."
    if delivery.request.status == Status.APPROVED:
        result += " Whether the tool ran is not known."
    _finish(delivery, DeliveryState.FAILED, result, at=None)
    record(delivery.request, actor=COURIER, code="delivery.unreported", at=at, data={"reason": reason})


@transaction.atomic
def take_over_report(*, delivery_id: int, at: datetime) -> None:
    """The run was restarted behind its report and has ended well: what came of the decision came of it before."""
    delivery = lock_delivery(delivery_id)
    original = Delivery.objects.filter(decision__copies__delivery=delivery_id, finished_at__isnull=False).first()
    if delivery.state != DeliveryState.RECEIVED or original is None:
        return
    state, data = DeliveryState(original.state), {"state": original.state, "reported_on": original.request_id}
    _finish(delivery, state, original.result, at=at)
    record(delivery.request, actor=COURIER, code="delivery.reported_before", at=at, data=data)


def _finish(delivery: Delivery, new: DeliveryState, result: JsonValue, *, at: datetime | None) -> None:
    check_delivery(DeliveryState(delivery.state), new)
    delivery.state, delivery.finished_at, delivery.result, delivery.due_at = new, at, result, None
    delivery.save(update_fields=["state", "finished_at", "result", "due_at"])


def _note(
    delivery_id: int, new: DeliveryState, at: datetime, *, due_at: datetime | None = None, reason: str = ""
) -> None:
    """Take a delivery to another state, unless the agent has the decision by now, or another courier was first."""
    delivery = lock_delivery(delivery_id)
    if delivery.state not in _UNDER_WAY or delivery.state == new:
        return
    check_delivery(DeliveryState(delivery.state), new)
    code = "delivery.queued_again" if new is DeliveryState.QUEUED else f"delivery.{new}"
    delivery.state, delivery.last_error = new, reason
    if new in (DeliveryState.QUEUED, DeliveryState.UNDELIVERABLE):
        delivery.due_at = due_at
    delivery.save(update_fields=["state", "due_at", "last_error"])
    record(delivery.request, actor=COURIER, code=code, at=at, data={"reason": reason} if reason else {})
