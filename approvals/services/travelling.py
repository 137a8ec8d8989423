"""The courier's verbs: take a due delivery, and note what became of it.

A claim is a lease: it moves ``due_at`` ahead and commits, so that Restate is called with no row locked, and another
courier takes over when this one dies. Sending twice is harmless: the first completion of an awakeable wins.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from approvals.models import ApprovalRequest, Delivery
from approvals.rules.lifecycle import DeliveryState, check_delivery
from approvals.services.parcel import Parcel
from approvals.services.recording import COURIER, LARGE, record
from restate_bridge.contract import Outcome

LEASE: Final = timedelta(seconds=30)
# One statement that brings all there is to know, because each way to the database is time in which an agent waits.
_CLAIM: Final = """
    WITH claimed AS (
        UPDATE approvals_delivery SET due_at = %(until)s, claimed_at = COALESCE(claimed_at, %(now)s)
        WHERE id IN (
            SELECT id FROM approvals_delivery WHERE due_at <= %(now)s
            ORDER BY due_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
        ) RETURNING id, state, sent_at, request_id, decision_id
    )
    SELECT claimed.id, request.id, claimed.state, claimed.sent_at,
           request.awakeable_id, request.announcement_id, request.invocation_id, request.digest,
           decision.id, decision.outcome, decision.note, decision.answer, decision.arguments, decision.decided_at,
           COALESCE(NULLIF(TRIM(CONCAT(person.first_name, ' ', person.last_name)), ''), person.username, 'Countersign')
    FROM claimed
    JOIN approvals_approvalrequest request ON request.id = claimed.request_id
    JOIN approvals_decision decision ON decision.id = claimed.decision_id
    LEFT JOIN auth_user person ON person.id = decision.reviewer_id
"""
_FIRST_PAUSE: Final = timedelta(milliseconds=500)
_LONGEST_PAUSE: Final = timedelta(minutes=1)


def claim_due_deliveries(*, now: datetime, at_most: int) -> list[Parcel]:
    """Lease up to ``at_most`` deliveries that are due at ``now``, the longest due first."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "at_most": at_most})
        return [_parcel(row) for row in cursor.fetchall()]


def _parcel(row: Sequence[Any]) -> Parcel:
    delivery_id, request_id, state, sent_at, *rest = row
    awakeable_id, announcement_id, invocation_id, digest, decision_id, outcome, *words = rest
    return Parcel(
        delivery_id,
        request_id,
        DeliveryState(state),
        sent_at,
        awakeable_id,
        announcement_id,
        invocation_id,
        digest,
        decision_id,
        Outcome(outcome),
        *words,
    )


@transaction.atomic
def note_sent(*, delivery_id: int, at: datetime, check_after: timedelta) -> None:
    """Restate has taken the decision at ``at``. That proves nothing: look at the run again after ``check_after``."""
    delivery = _lock_delivery(delivery_id)
    if delivery.sent_at is None:
        delivery.sent_at = at
        record(
            delivery.request, actor=COURIER, code="delivery.sent", at=at, data={"decision": str(delivery.decision_id)}
        )
    # A quick agent acknowledges before the courier gets here: then only the time is noted.
    if delivery.received_at is None:
        if delivery.state != DeliveryState.SENT:
            check_delivery(DeliveryState(delivery.state), DeliveryState.SENT)
        delivery.state, delivery.due_at = DeliveryState.SENT, at + check_after
    delivery.attempts, delivery.last_error = delivery.attempts + 1, ""
    delivery.save(update_fields=["state", "sent_at", "due_at", "attempts", "last_error"])


@transaction.atomic
def note_trouble(*, delivery_id: int, error: str) -> None:
    """Restate could not be reached: try again later, each time a little later."""
    delivery = _lock_delivery(delivery_id)
    if delivery.due_at is None:
        return
    pause = min(_FIRST_PAUSE * 2 ** min(delivery.attempts, 10), _LONGEST_PAUSE)
    if delivery.last_error != error:
        record(delivery.request, actor=COURIER, code="delivery.delayed", data={"error": error})
    delivery.attempts, delivery.last_error, delivery.due_at = delivery.attempts + 1, error, timezone.now() + pause
    delivery.save(update_fields=["attempts", "last_error", "due_at"])


@transaction.atomic
def note_kept(*, delivery_id: int, check_after: timedelta) -> None:
    """The run is paused: Restate keeps the decision until somebody resumes it."""
    _note_state(delivery_id, DeliveryState.KEPT, due_at=timezone.now() + check_after)


@transaction.atomic
def note_waiting(*, delivery_id: int, check_after: timedelta) -> None:
    """The decision stands in the run's journal and the agent has not got to it yet."""
    _note_state(delivery_id, DeliveryState.SENT, due_at=timezone.now() + check_after)


@transaction.atomic
def note_working(*, delivery_id: int, check_after: timedelta) -> None:
    """The agent has the decision and its run goes on: look again after ``check_after``."""
    delivery = _lock_delivery(delivery_id)
    if delivery.state == DeliveryState.RECEIVED:
        delivery.due_at, delivery.last_error = timezone.now() + check_after, ""
        delivery.save(update_fields=["due_at", "last_error"])


@transaction.atomic
def note_never_reported(*, delivery_id: int, reason: str) -> None:
    """The run has ended after it received the decision, and nobody knows what came of it."""
    delivery = _lock_delivery(delivery_id)
    if delivery.state != DeliveryState.RECEIVED:
        return
    result = f"The agent received the decision and never reported: {reason}. Whether the tool ran is not known."
    check_delivery(DeliveryState.RECEIVED, DeliveryState.FAILED)
    delivery.state, delivery.finished_at, delivery.result = DeliveryState.FAILED, timezone.now(), result
    delivery.due_at = None
    delivery.save(update_fields=["state", "finished_at", "result", "due_at"])
    record(delivery.request, actor=COURIER, code="delivery.unreported", data={"reason": reason})


@transaction.atomic
def note_undeliverable(*, delivery_id: int, reason: str) -> None:
    """The run has ended without the decision."""
    _note_state(delivery_id, DeliveryState.UNDELIVERABLE, due_at=None, reason=reason)


def _note_state(delivery_id: int, new: DeliveryState, *, due_at: datetime | None, reason: str = "") -> None:
    delivery = _lock_on_the_way(delivery_id)
    if delivery is None:
        return
    if delivery.state != new:
        check_delivery(DeliveryState(delivery.state), new)
        delivery.state = new
        record(delivery.request, actor=COURIER, code=f"delivery.{new}", data={"reason": reason} if reason else {})
    delivery.due_at, delivery.last_error = due_at, reason
    delivery.save(update_fields=["state", "due_at", "last_error"])


def _lock_on_the_way(delivery_id: int) -> Delivery | None:
    """Return the locked delivery unless the agent has it already: then there is nothing left to note."""
    delivery = _lock_delivery(delivery_id)
    return delivery if delivery.received_at is None else None


def _lock_delivery(delivery_id: int) -> Delivery:
    # The request's row is the lock of all that belongs to it; the delivery is read once it is held.
    request = ApprovalRequest.objects.select_for_update(of=("self",)).defer(*LARGE).get(delivery=delivery_id)
    delivery = Delivery.objects.get(pk=delivery_id)
    delivery.request = request
    return delivery
