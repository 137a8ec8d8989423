"""The courier's rounds go on side by side, whatever happens to one of them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import pytest
from django.db import connection
from django.utils import timezone

from approvals.courier.clock import Clock
from approvals.courier.loop import Courier
from approvals.courier.rounds import Round
from approvals.models import AgentService, ApprovalRequest
from approvals.notify import CLOCK_CHANNEL, COURIER_CHANNEL
from tests.announcing import announce
from tests.house.house import eventually

pytestmark = pytest.mark.django_db(transaction=True)


class Told:
    """A round that does what a test tells it to."""

    name: Final = "told"
    longest_wait: Final = 30.0
    breath: Final = 0.0

    def __init__(self, channel: str = "countersign_told") -> None:
        self.channel = channel
        self.turns = 0
        self.fails = False
        self.dies = False
        self.hangs = threading.Event()
        self.hangs.set()

    def work(self, now: datetime) -> bool:
        self.turns += 1
        self.hangs.wait()
        if self.fails:
            raise RuntimeError("nobody foresaw this")
        if self.dies:
            self.dies = False
            raise SystemExit
        connection.ensure_connection()
        return False

    def next_due(self, now: datetime) -> datetime | None:
        return None


@contextmanager
def going(*rounds: Round) -> Iterator[Courier]:
    courier = Courier(rounds)
    thread = threading.Thread(target=courier.run, daemon=True)
    thread.start()
    try:
        yield courier
    finally:
        courier.stop()
        thread.join(5)
        assert not thread.is_alive()


def ring(channel: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [channel])


def turns_after_ringing(told: Told) -> bool:
    """Ring until it has heard: at first it may not be listening yet."""
    turns = told.turns
    ring(told.channel)
    time.sleep(0.1)
    return told.turns > turns


def test_each_round_is_woken_by_its_own_bell() -> None:
    first, second = Told("countersign_first"), Told("countersign_second")
    with going(first, second):
        eventually(lambda: turns_after_ringing(first))
        eventually(lambda: turns_after_ringing(second))
        turns = first.turns
        eventually(lambda: turns_after_ringing(second))
        assert first.turns == turns


def test_many_rings_at_once_are_answered_by_few_turns() -> None:
    told = Told()
    with going(told):
        eventually(lambda: turns_after_ringing(told))
        told.hangs.clear()
        turns = told.turns
        for _ in range(100):
            ring(told.channel)
        told.hangs.set()
        time.sleep(0.3)
        assert told.turns - turns < 20


def test_a_round_that_hangs_holds_up_no_other_and_not_the_stop() -> None:
    hanging, other = Told("countersign_first"), Told("countersign_second")
    hanging.hangs.clear()
    with going(hanging, other):
        eventually(lambda: turns_after_ringing(other))
        began = time.monotonic()
    # Two seconds on a machine of its own.
    assert time.monotonic() - began < 4
    hanging.hangs.set()


def test_a_round_that_fails_goes_on_and_so_do_the_others(caplog: pytest.LogCaptureFixture) -> None:
    failing, other = Told("countersign_first"), Told("countersign_second")
    failing.fails = True
    with going(failing, other):
        eventually(lambda: failing.turns > 1)
        eventually(lambda: turns_after_ringing(other))
        failing.fails = False
        eventually(lambda: turns_after_ringing(failing))
    assert "told failed, and goes on" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_round_that_dies_is_started_again(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    told.dies = True
    with going(told):
        eventually(lambda: told.turns > 1)
        eventually(lambda: turns_after_ringing(told))
    assert "told has died, and is started again" in caplog.text


def test_every_round_survives_a_restart_of_postgresql() -> None:
    rounds = [Told("countersign_first"), Told("countersign_second")]
    with going(*rounds):
        for told in rounds:
            eventually(lambda told=told: turns_after_ringing(told))  # type: ignore[misc]
        cut_connections()
        for told in rounds:
            eventually(lambda told=told: turns_after_ringing(told))  # type: ignore[misc]


def cut_connections() -> None:
    """End everybody else's connections as a restart does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


class TestTheClock:
    def test_carries_out_a_deadline_though_nothing_else_works(
        self, agent_service: AgentService, reviewer: object
    ) -> None:
        hanging = Told(COURIER_CHANNEL)
        hanging.hangs.clear()
        with going(hanging, Clock()):
            request = announce(agent_service, deadline_seconds=60)
            ApprovalRequest.objects.update(deadline_at=timezone.now())
            ring(CLOCK_CHANNEL)
            eventually(lambda: ApprovalRequest.objects.get(pk=request.pk).status == "expired")
            hanging.hangs.set()

    def test_carries_out_one_thing_at_a_time_and_says_when_there_is_nothing_more(
        self, agent_service: AgentService, reviewer: object
    ) -> None:
        request = announce(agent_service, deadline_seconds=60, escalations=[{"after_seconds": 30}])
        clock, now = Clock(), timezone.now()
        assert not clock.work(now)
        stage = request.escalations.get()
        assert clock.next_due(now) == stage.due_at
        assert clock.work(stage.due_at)
        assert not clock.work(stage.due_at)
        assert clock.next_due(stage.due_at) == request.deadline_at
        assert request.deadline_at is not None
        assert clock.work(request.deadline_at + timedelta(seconds=1))
        request.refresh_from_db()
        assert request.status == "expired"
