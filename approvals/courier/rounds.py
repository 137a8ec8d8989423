"""A round: a piece of the courier's work that goes on in a thread of its own, whatever happens to the others."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Protocol

import django.db
import psycopg
from django.db import connection
from django.utils import timezone

from approvals.listening import listen
from approvals.outages import DATABASE_AWAY

logger = logging.getLogger(__name__)

# How long a wait lasts at most before the round sees that it should stop, in seconds.
_SLICE: Final = 0.5
_AFTER_TROUBLE: Final = 0.5
# What is due and held by another courier is tried again after this, in seconds.
_SHORTEST_WAIT: Final = 0.05


class Round(Protocol):
    """What one thread does, again and again.

    Attributes:
        name: for the log.
        channel: the NOTIFY that wakes it.
        longest_wait: what a lost NOTIFY costs at most, in seconds.
        breath: how long it rests before it listens again, in seconds, so that calls in quick succession make one batch.
    """

    @property
    def name(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def longest_wait(self) -> float: ...
    @property
    def breath(self) -> float: ...

    def work(self, now: datetime) -> bool:
        """Do some of what is due at ``now``; tell whether there may be more of it."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """Return when something is due next; None for nothing in sight."""
        ...


def go_round(work: Round, stopping: Callable[[], bool]) -> None:
    """Work until ``stopping``: through restarts of PostgreSQL, and through errors that nobody foresaw."""
    while not stopping():
        try:
            _go_connected(work, stopping)
        except DATABASE_AWAY as error:
            logger.warning("%s: PostgreSQL is away, trying again: %s", work.name, error)
        except Exception:
            logger.exception("%s failed, and goes on", work.name)
        with suppress(psycopg.Error, django.db.Error):
            connection.close()
        if not stopping():
            time.sleep(_AFTER_TROUBLE)


def _go_connected(work: Round, stopping: Callable[[], bool]) -> None:
    with listen(work.channel) as listener:
        while not stopping():
            now = timezone.now()
            if work.work(now):
                time.sleep(work.breath)
                continue
            due = work.next_due(now)
            time.sleep(work.breath)
            _wait(listener, due, work.longest_wait, stopping)


def _wait(
    listener: psycopg.Connection[Any], due: datetime | None, longest: float, stopping: Callable[[], bool]
) -> None:
    left = longest
    if due is not None:
        left = min(left, max((due - timezone.now()).total_seconds(), _SHORTEST_WAIT))
    until = time.monotonic() + left
    while not stopping() and (left := until - time.monotonic()) > 0:
        if list(listener.notifies(timeout=min(left, _SLICE), stop_after=1)):
            # Whatever else has rung by now is answered by the same round.
            list(listener.notifies(timeout=0))
            return
