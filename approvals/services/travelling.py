"""The courier's verbs for sending: take a due delivery, and note what became of it.

A claim is a lease: it moves ``due_at`` ahead and commits, so that Restate is called with no row locked, and another
courier takes over when this one dies. Sending twice is harmless: the first completion of an awakeable wins.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from approvals.models import ApprovalRequest, AuditEvent, Delivery
from approvals.notify import wake_reconciler
from approvals.rules.lifecycle import DeliveryState, check_delivery
from approvals.services.parcel import Parcel
from approvals.services.recording import COURIER, LARGE, record, save_deliveries
from restate_bridge.contract import Outcome

LEASE: Final = timedelta(seconds=30)
# One statement that brings all there is to know, because each way to the database is time in which an agent waits.
# MATERIALIZED, because a subquery may be run once for each row, and then it skips what it has locked itself and takes
# more than it was allowed to.
_CLAIM: Final = """
    WITH due AS MATERIALIZED (
        SELECT id FROM approvals_delivery WHERE due_at <= %(now)s AND state = 'queued'
        ORDER BY due_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE approvals_delivery delivery
        SET due_at = %(until)s, claimed_at = COALESCE(claimed_at, %(now)s)
        FROM due WHERE delivery.id = due.id RETURNING delivery.id, request_id, decision_id, traceparent
    )
    SELECT claimed.id, request.id, request.awakeable_id, request.announcement_id, request.digest,
           decision.id, decision.outcome, decision.note, decision.answer, decision.arguments, decision.decided_at,
           COALESCE(NULLIF(TRIM(CONCAT(person.first_name, ' ', person.last_name)), ''), person.username, 'Countersign'),
           claimed.traceparent,
           request.origin = 'found', request.sealed, decision.value
    FROM claimed
    JOIN approvals_approvalrequest request ON request.id = claimed.request_id
    JOIN approvals_decision decision ON decision.id = claimed.decision_id
    LEFT JOIN auth_user person ON person.id = decision.reviewer_id
"""
_SENT_FIELDS: Final = ("state", "sent_at", "due_at", "attempts", "last_error")
_FIRST_PAUSE: Final = timedelta(milliseconds=500)
_LONGEST_PAUSE: Final = timedelta(minutes=1)


def claim_due_deliveries(*, now: datetime, at_most: int) -> list[Parcel]:
    """Lease up to ``at_most`` queued deliveries that are due at ``now``, the longest due first."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "at_most": at_most})
        return [_parcel(row) for row in cursor.fetchall()]


def _parcel(row: Sequence[Any]) -> Parcel:
    delivery_id, request_id, awakeable_id, announcement_id, digest, decision_id, outcome, *words = row
    return Parcel(delivery_id, request_id, awakeable_id, announcement_id, digest, decision_id, Outcome(outcome), *words)


@transaction.atomic
def note_sent(*, delivery_id: int, at: datetime, check_after: timedelta) -> None:
    """Restate has taken the decision at ``at``. That proves nothing: look at the run again after ``check_after``."""
    delivery = lock_delivery(delivery_id)
    if delivery.sent_at is None:
        data = {"decision": str(delivery.decision_id)}
        record(delivery.request, actor=COURIER, code="delivery.sent", at=at, data=data)
    _set_sent(delivery, at, check_after)
    delivery.save(update_fields=_SENT_FIELDS)


@transaction.atomic
def note_sent_together(*, sent: Mapping[int, datetime], check_after: timedelta) -> set[int]:
    """Note of many deliveries at a time when Restate took them; return which, without what others are busy with."""
    requests = ApprovalRequest.objects.select_for_update(of=("self",), skip_locked=True).defer(*LARGE)
    by_id = {request.pk: request for request in requests.filter(delivery__in=sent)}
    deliveries = list(Delivery.objects.filter(pk__in=sent, request__in=by_id).order_by("pk"))
    first = [delivery for delivery in deliveries if delivery.sent_at is None]
    for delivery in deliveries:
        _set_sent(delivery, sent[delivery.pk], check_after)
    save_deliveries(deliveries, _SENT_FIELDS)
    AuditEvent.objects.bulk_create(
        AuditEvent(
            request=by_id[delivery.request_id],
            actor=COURIER,
            code="delivery.sent",
            at=sent[delivery.pk],
            data={"decision": str(delivery.decision_id)},
        )
        for delivery in first
    )
    return {delivery.pk for delivery in deliveries}


def _set_sent(delivery: Delivery, at: datetime, check_after: timedelta) -> None:
    delivery.sent_at = delivery.sent_at or at
    # A quick agent acknowledges before the courier gets here, and a slow courier comes when another one has sent it and
    # knows more already: then only the time is noted.
    if delivery.state == DeliveryState.QUEUED:
        check_delivery(DeliveryState.QUEUED, DeliveryState.SENT)
        delivery.state, delivery.due_at, delivery.last_error = DeliveryState.SENT, at + check_after, ""
    delivery.attempts += 1


@transaction.atomic
def note_trouble(*, delivery_id: int, at: datetime, error: str) -> None:
    """Restate could not be reached at ``at``: try again later, each time a little later."""
    delivery = lock_delivery(delivery_id)
    if delivery.state != DeliveryState.QUEUED:
        return
    pause = min(_FIRST_PAUSE * 2 ** min(delivery.attempts, 10), _LONGEST_PAUSE)
    if delivery.last_error != error:
        record(delivery.request, actor=COURIER, code="delivery.delayed", at=at, data={"error": error})
    delivery.attempts, delivery.last_error, delivery.due_at = delivery.attempts + 1, error, at + pause
    delivery.save(update_fields=["attempts", "last_error", "due_at"])
    wake_reconciler()


def lock_delivery(delivery_id: int) -> Delivery:
    """Return a delivery, its request locked until the transaction ends."""
    # The request's row is the lock of all that belongs to it; the delivery is read once it is held.
    request = ApprovalRequest.objects.select_for_update(of=("self",)).defer(*LARGE).get(delivery=delivery_id)
    delivery = Delivery.objects.get(pk=delivery_id)
    delivery.request = request
    return delivery
