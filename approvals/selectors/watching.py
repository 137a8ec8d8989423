"""What who watches the inbox wants to know of it, in a few reads of indexes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.db.models import Count, Min, Q

from approvals.models import ApprovalRequest, Delivery
from approvals.rules.lifecycle import DeliveryState, Status
from approvals.selectors.engine import engine_sight

# What an agent has not acknowledged. What is kept waits for whoever has paused the run, and is no trouble.
_UNDELIVERED: Final = (DeliveryState.QUEUED, DeliveryState.SENT)
_UNDER_WAY: Final = (*_UNDELIVERED, DeliveryState.KEPT, DeliveryState.RECEIVED)
_SETTLED: Final = "watched-settled"
_SETTLED_FOR: Final = 60.0  # seconds
_IN_VAIN: Final = (DeliveryState.FAILED, DeliveryState.UNDELIVERABLE)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched.

    Attributes:
        requests: how many there are of each status.
        deliveries: how many there are of each state, but for those that are done.
        retried: how many queued ones Restate did not take so far.
        courier_seen_at: None when none has ever looked at the engine.
    """

    requests: Mapping[str, int]
    oldest_pending_at: datetime | None
    deliveries: Mapping[str, int]
    oldest_undelivered_at: datetime | None
    retried: int
    courier_seen_at: datetime | None
    engine_away_since: datetime | None


def watched() -> Watched:
    """Return it all: six queries, however much there is."""
    pending = ApprovalRequest.objects.filter(status=Status.PENDING).aggregate(number=Count("id"), oldest=Min("id"))
    oldest = ApprovalRequest.objects.filter(pk=pending["oldest"]).values_list("announced_at", flat=True).first()
    under_way = backlog()
    sight = engine_sight()
    in_vain = Delivery.objects.filter(state__in=["failed", "undeliverable"])
    return Watched(
        requests=dict.fromkeys(Status, 0) | {Status.PENDING: pending["number"]} | _settled(),
        oldest_pending_at=oldest,
        deliveries=dict.fromkeys((*_UNDER_WAY, *_IN_VAIN), 0)
        | under_way.numbers
        | dict(in_vain.order_by().values_list("state").annotate(Count("id"))),
        oldest_undelivered_at=under_way.oldest_at,
        retried=under_way.retried,
        courier_seen_at=sight.looked_at if sight else None,
        engine_away_since=sight.away_since if sight else None,
    )


def _settled() -> dict[str, int]:
    """Return how many requests ended in each way: all there ever were, so they are counted once a minute."""
    known: dict[str, int] | None = cache.get(_SETTLED)
    if known is None:
        settled = ApprovalRequest.objects.exclude(status=Status.PENDING).order_by()
        known = dict(settled.values_list("status").annotate(Count("id")))
        cache.set(_SETTLED, known, _SETTLED_FOR)
    return known


@dataclass(frozen=True, slots=True)
class Backlog:
    """Decisions that are under way.

    Attributes:
        numbers: how many, by their state.
        oldest_at: when the oldest one was queued that no agent has acknowledged; what is kept for a paused run is none.
        retried: how many queued ones Restate did not take so far.
    """

    numbers: dict[str, int]
    oldest_at: datetime | None
    retried: int


def backlog() -> Backlog:
    """Return what is under way, in one query over it alone."""
    # Only what the courier still has to look at has a due time, and an index.
    rows = list(
        Delivery.objects.filter(due_at__isnull=False, state__in=_UNDER_WAY)
        .order_by()
        .values("state")
        .annotate(number=Count("id"), oldest=Min("queued_at"), retried=Count("id", filter=~Q(last_error="")))
    )
    waiting = [row["oldest"] for row in rows if row["state"] in _UNDELIVERED]
    return Backlog(
        {row["state"]: row["number"] for row in rows},
        min(waiting, default=None),
        sum(row["retried"] for row in rows if row["state"] == DeliveryState.QUEUED),
    )
