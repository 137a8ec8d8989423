"""Verbs at the same time, each in a thread with a connection of its own, on the real database."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, transaction

Call = Callable[[], Any]

#: How long a race may take, in seconds; longer means that somebody waits for ever.
PATIENCE = 30


def together(*calls: Call) -> list[Any]:
    """Start all calls at the same moment; return what each returned or raised, in their order."""
    ready = threading.Barrier(len(calls))

    def run(call: Call) -> Any:
        ready.wait(PATIENCE)
        return outcome_of(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(_alone, partial(run, call)) for call in calls]
        return [future.result(PATIENCE) for future in running]


@contextmanager
def held(call: Call) -> Iterator[None]:
    """Carry out a call in another thread, and keep its transaction open until the block ends."""
    done, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            call()
            done.set()
            let_go.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(_alone, hold)
        done.wait(PATIENCE)
        try:
            yield
        finally:
            let_go.set()
            holding.result(PATIENCE)


def behind(first: Call, second: Call) -> Any:
    """Return what ``second`` returned or raised, which came while ``first`` was not committed yet, and waited."""
    with ThreadPoolExecutor(1) as pool:
        with held(first):
            waiting = pool.submit(_alone, partial(outcome_of, second))
            _wait_until_blocked(waiting)
        return waiting.result(PATIENCE)


def outcome_of(call: Call) -> Any:
    """Return what a call returned, or what it raised."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  # the race's outcome, judged by the test
        return error


def _alone(call: Call) -> Any:
    try:
        return call()
    finally:
        connection.close()


def _wait_until_blocked(future: Future[Any]) -> None:
    waits = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        while not cursor.execute(waits).fetchall():
            assert not future.done(), f"nothing held it up: {future.result()!r}"
            time.sleep(0.01)
