"""The courier's loop: woken by NOTIFY or by the next due time."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

import psycopg
from django.db import DatabaseError, connection
from django.utils import timezone

from approvals.courier.carrying import Carrier
from approvals.listening import listen
from approvals.notify import COURIER_CHANNEL
from approvals.selectors.deliveries import next_due
from approvals.services.expire import expire_next_request
from approvals.services.parcel import Parcel
from approvals.services.travelling import claim_due_deliveries

logger = logging.getLogger(__name__)

_WORKERS: Final = 8
# How long a wait lasts at most before the loop sees that it should stop, in seconds.
_SLICE: Final = 0.5
# A lost NOTIFY costs no more than this, in seconds.
_LONGEST_WAIT: Final = 30.0
_AFTER_TROUBLE: Final = 0.5


class Courier:
    """Delivers what is due until it is told to stop."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._stopping = False

    def stop(self) -> None:
        """Finish what is under way, then leave `run`. Safe to call from a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Work until stopped, through restarts of PostgreSQL and Restate."""
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="courier") as pool:
            while not self._stopping:
                try:
                    self._run_connected(pool)
                except (psycopg.Error, DatabaseError) as error:
                    logger.warning("PostgreSQL is away, trying again: %s", error)
                    connection.close()
                    time.sleep(_AFTER_TROUBLE)

    def work_round(self, pool: ThreadPoolExecutor) -> bool:
        """Carry one batch of due deliveries, or else expire one request; tell whether there was anything to do."""
        if batch := claim_due_deliveries(now=timezone.now(), at_most=_WORKERS * 4):
            self._carry_all(batch, pool)
            return True
        return expire_next_request(now=timezone.now()) is not None

    def _run_connected(self, pool: ThreadPoolExecutor) -> None:
        with listen(COURIER_CHANNEL) as listener:
            while not self._stopping:
                if self.work_round(pool):
                    continue
                self._wait(listener, next_due())

    def _wait(self, listener: psycopg.Connection[Any], due: datetime | None) -> None:
        until = time.monotonic() + _LONGEST_WAIT
        if due is not None:
            until = min(until, time.monotonic() + (due - timezone.now()).total_seconds())
        while not self._stopping and (left := until - time.monotonic()) > 0:
            for _ in listener.notifies(timeout=min(left, _SLICE), stop_after=1):
                return

    def _carry_all(self, batch: list[Parcel], pool: ThreadPoolExecutor) -> None:
        # One alone, which is the usual case, needs no other thread.
        if len(batch) == 1:
            self._carry(batch[0])
        else:
            list(pool.map(self._carry_and_let_go, batch))

    def _carry_and_let_go(self, parcel: Parcel) -> None:
        try:
            self._carry(parcel)
        finally:
            connection.close()

    def _carry(self, parcel: Parcel) -> None:
        try:
            self._carrier.carry(parcel)
        except Exception:
            # One delivery's trouble must not hold up the others; its lease runs out and it is taken again.
            logger.exception("request %s: the delivery failed", parcel.request_id)
