"""What the courier compares with the engine next: taken in batches, and put back in batches.

As with deliveries to be sent, taking is a lease: the time of the next check moves ahead and commits, so that the engine
is asked with no row locked, and another courier takes over when this one dies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from pydantic import JsonValue

from approvals.rules.lifecycle import DeliveryState
from restate_bridge.contract import Outcome

#: Longer than the engine may take to answer about a batch.
CHECK_LEASE: Final = timedelta(seconds=30)

# MATERIALIZED, or more than the limit could be taken (see `travelling`).
_TAKE_REQUESTS: Final = """
    WITH due AS MATERIALIZED (
        SELECT id FROM approvals_approvalrequest WHERE check_at <= %(now)s
        ORDER BY check_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
    )
    UPDATE approvals_approvalrequest request SET check_at = %(until)s FROM due WHERE request.id = due.id
    RETURNING request.id, awakeable_id, invocation_id, status = 'pending', announced_at, missing_since,
              restarted_from_id IS NOT NULL, origin = 'found'
"""
_TAKE_DELIVERIES: Final = """
    WITH due AS MATERIALIZED (
        SELECT id FROM approvals_delivery WHERE due_at <= %(now)s AND state IN ('sent', 'kept', 'received')
        ORDER BY due_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE approvals_delivery delivery SET due_at = %(until)s FROM due WHERE delivery.id = due.id
        RETURNING delivery.id, state, sent_at, request_id, decision_id
    )
    SELECT taken.id, request.id, taken.state, taken.sent_at,
           request.awakeable_id, request.invocation_id, request.missing_since,
           request.superseded_by_id IS NOT NULL, original.finished_at IS NOT NULL,
           request.origin = 'found', decision.outcome, decision.value, decision.note
    FROM taken
    JOIN approvals_approvalrequest request ON request.id = taken.request_id
    JOIN approvals_decision decision ON decision.id = taken.decision_id
    LEFT JOIN approvals_delivery original ON original.decision_id = decision.kept_from_id
"""
# Only what still stands at the lease's end: whatever was changed meanwhile has a time of its own. A row that somebody
# holds is left to the lease, since waiting for many rows in no certain order would end in a deadlock.
_PUT_BACK: Final = """
    UPDATE {table} SET {column} = next.at
    FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[]) AS next (id, at)
    WHERE {table}.id = next.id AND {table}.id IN (
        SELECT id FROM {table} WHERE id = ANY(%(ids)s) AND {column} = %(until)s FOR UPDATE SKIP LOCKED
    )
"""
_PUT_BACK_REQUESTS: Final = _PUT_BACK.format(table="approvals_approvalrequest", column="check_at")
_PUT_BACK_DELIVERIES: Final = _PUT_BACK.format(table="approvals_delivery", column="due_at")


@dataclass(frozen=True, slots=True)
class RequestCheck:
    """A request to be compared: a pending one, or one that was settled since it was compared last.

    Attributes:
        missing_since: since when the engine does not know its run; None when it did the last time.
        is_linked: whether the request that it was restarted from is known.
        is_found: whether nobody announced it.
    """

    request_id: int
    awakeable_id: str
    invocation_id: str
    is_pending: bool
    announced_at: datetime
    missing_since: datetime | None
    is_linked: bool
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryCheck:
    """A delivery on its way to be compared.

    Attributes:
        missing_since: as with `RequestCheck`.
        overtaken: whether the agent has asked again since.
        reported_before: whether its decision was kept over a restart, behind a report of what came of it.
        plain: what was sent where nobody announced the request; None for a signed decision.
    """

    delivery_id: int
    request_id: int
    state: DeliveryState
    sent_at: datetime | None
    awakeable_id: str
    invocation_id: str
    missing_since: datetime | None
    overtaken: bool
    reported_before: bool
    plain: "PlainAnswer | None" = None


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """What a wait that was found is answered with.

    Attributes:
        value: what resolves it.
        text: what rejects it; None for what resolves.
    """

    value: JsonValue = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class NextChecks:
    """When to look again at what was taken until ``until``: ids of rows with their times, None for never."""

    until: datetime
    requests: Sequence[tuple[int, datetime | None]] = ()
    deliveries: Sequence[tuple[int, datetime | None]] = ()


def take_requests(*, now: datetime, until: datetime, at_most: int) -> list[RequestCheck]:
    """Lease up to ``at_most`` requests whose check is due at ``now``, the longest due first."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_REQUESTS, {"now": now, "until": until, "at_most": at_most})
        return [RequestCheck(*row) for row in cursor.fetchall()]


def take_deliveries(*, now: datetime, until: datetime, at_most: int) -> list[DeliveryCheck]:
    """Lease up to ``at_most`` deliveries on their way whose check is due at ``now``, the longest due first."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_DELIVERIES, {"now": now, "until": until, "at_most": at_most})
        return [_delivery_check(*row) for row in cursor.fetchall()]


def put_back(*, checks: NextChecks) -> None:
    """Set when to look again. Rows that were changed since they were taken keep the time that they have."""
    for statement, rows in ((_PUT_BACK_REQUESTS, checks.requests), (_PUT_BACK_DELIVERIES, checks.deliveries)):
        if rows:
            ids, times = zip(*rows, strict=True)
            values: dict[str, Any] = {"until": checks.until, "ids": list(ids), "times": list(times)}
            with connection.cursor() as cursor:
                cursor.execute(statement, values)


def _delivery_check(delivery_id: int, request_id: int, state: str, *rest: Any) -> DeliveryCheck:
    *facts, is_found, outcome, value, note = rest
    resolves = outcome == Outcome.APPROVED
    plain = PlainAnswer(value if resolves else None, None if resolves else note) if is_found else None
    return replace(DeliveryCheck(delivery_id, request_id, DeliveryState(state), *facts), plain=plain)
