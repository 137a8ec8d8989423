"""The round that compares the inbox with the engine, many requests and deliveries at a time."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from approvals.courier.acting import act_on
from approvals.courier.comparing import Finding, Intervals, compare_delivery, compare_request, parents_request
from approvals.courier.engine_view import EngineView, look_at
from approvals.courier.lookout import Lookout
from approvals.notify import RECONCILER_CHANNEL
from approvals.outages import DATABASE_AWAY
from approvals.selectors.deliveries import next_check_due
from approvals.selectors.engine import announced_among
from approvals.services.checks import (
    CHECK_LEASE,
    DeliveryCheck,
    NextChecks,
    RequestCheck,
    put_back,
    take_deliveries,
    take_requests,
)
from restate_bridge.admin import Admin
from restate_bridge.errors import BridgeError, EngineAway

logger = logging.getLogger(__name__)

#: How many requests, and how many deliveries, are compared at once.
BATCH: Final = 200
_FIRST_PAUSE: Final = timedelta(seconds=2)
_LONGEST_PAUSE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """What was taken, and until when."""

    until: datetime
    requests: Sequence[RequestCheck]
    deliveries: Sequence[DeliveryCheck]

    @property
    def is_full(self) -> bool:
        """Whether there may be more."""
        return max(len(self.requests), len(self.deliveries)) == BATCH


class Reconciler:
    """Finds what the engine does not tell: runs that ended, vanished or were restarted, decisions that wait there."""

    name: Final = "the reconciler"
    channel: Final = RECONCILER_CHANNEL
    # Nobody rings when a decision was sent or acknowledged: those are looked at after seconds, not at once.
    longest_wait: Final = 2.0
    breath: Final = 0.5

    def __init__(self, admin: Admin, lookout: Lookout, intervals: Intervals) -> None:
        """Make it."""
        self._admin, self._lookout, self._intervals = admin, lookout, intervals
        self._failures = 0

    def work(self, now: datetime) -> bool:
        """Compare one batch; tell whether there may be more. While the engine is away, nothing is judged."""
        if not self._lookout.is_there(now):
            return False
        until = now + CHECK_LEASE
        batch = Batch(
            until,
            take_requests(now=now, until=until, at_most=BATCH),
            take_deliveries(now=now, until=until, at_most=BATCH),
        )
        if not batch.requests and not batch.deliveries:
            return False
        try:
            view = look_at(self._admin, batch.requests, batch.deliveries)
        except BridgeError as error:
            self._put_off(batch, error, now)
            return False
        self._failures = 0
        self._settle(batch, view, now)
        return batch.is_full

    def next_due(self, now: datetime) -> datetime | None:
        """Return when something is to be compared next, or when to look whether the engine is there."""
        looks = self._lookout.next_look
        due = next_check_due() if self._lookout.was_there else None
        return min((time for time in (looks, due) if time is not None), default=None)

    def _put_off(self, batch: Batch, error: BridgeError, now: datetime) -> None:
        logger.warning("nothing can be compared with the engine: %s", error)
        later = now + min(_FIRST_PAUSE * 2 ** min(self._failures, 5), _LONGEST_PAUSE)
        self._failures += 1
        put_back(
            checks=NextChecks(
                batch.until,
                [(check.request_id, later) for check in batch.requests],
                [(check.delivery_id, later) for check in batch.deliveries],
            )
        )
        if isinstance(error, EngineAway):
            self._lookout.look_again(now)

    def _settle(self, batch: Batch, view: EngineView, now: datetime) -> None:
        findings = self._compare(batch, view, now)
        for finding in findings:
            try:
                act_on(finding, now)
            except DATABASE_AWAY:
                raise
            except Exception:
                # One row's trouble must not hold up the others.
                logger.exception("request %s: could not be reconciled", finding.request_id)
        requests = [(f.request_id, f.look_again_at) for f in findings if f.delivery_id is None]
        deliveries = [(f.delivery_id, f.look_again_at) for f in findings if f.delivery_id is not None]
        put_back(checks=NextChecks(batch.until, requests, deliveries))

    def _compare(self, batch: Batch, view: EngineView, now: datetime) -> list[Finding]:
        parents = {parents_request(check, view) for check in batch.requests} - {""}
        announced, intervals = announced_among(parents), self._intervals
        return [
            *(
                compare_request(check, view, announced=announced, intervals=intervals, now=now)
                for check in batch.requests
            ),
            *(compare_delivery(check, view, intervals=intervals, now=now) for check in batch.deliveries),
        ]
