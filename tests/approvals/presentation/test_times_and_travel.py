"""Times in words, and how far a decision has travelled."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, Delivery
from approvals.presentation.times import duration, in_words
from approvals.presentation.travel import stages_of
from approvals.services.decide import approve_request
from approvals.services.travelling import note_kept, note_sent, note_trouble, note_undeliverable
from tests.announcing import announce

NOW = datetime(2026, 4, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("delta", "form", "words"),
    [
        (timedelta(hours=-3, minutes=-12), "ago", "3 h 12 min ago"),
        (timedelta(seconds=-5), "ago", "just now"),
        (timedelta(days=-2), "age", "2 days"),
        (timedelta(hours=20, minutes=48), "remaining", "20 h 48 min"),
        (timedelta(hours=20, minutes=48), "left", "20 h left"),
        (timedelta(seconds=-1), "left", "overdue"),
        (timedelta(), "moment", "12:00:00"),
        (timedelta(days=-1), "moment", "23 Apr, 12:00"),
    ],
)
def test_a_time_in_words(delta: timedelta, form: str, words: str) -> None:
    assert in_words(NOW + delta, NOW, form) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.084, "84 ms"), (1.94, "1.9 s"), (125, "2 min 5 s"), (7_320, "2 h 2 min")]
)
def test_a_duration_in_words(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


class TestTravel:
    @pytest.fixture
    def delivery(self, agent_service: AgentService, reviewer: User) -> Delivery:
        request = announce(agent_service)
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
        return Delivery.objects.get(request=request)

    def stages(self, delivery: Delivery) -> list[tuple[str, str]]:
        fresh = Delivery.objects.select_related("request").get(pk=delivery.pk)
        return [(stage.title, stage.state) for stage in stages_of(fresh.request)]

    def test_queued(self, delivery: Delivery) -> None:
        assert self.stages(delivery) == [
            ("Approved", "done"),
            ("Queued to be sent", "current"),
            ("Received by the agent", "ahead"),
            ("Done", "ahead"),
        ]

    def test_sent_is_no_proof_and_waits_for_the_agent(self, delivery: Delivery) -> None:
        note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=timedelta(seconds=5))
        assert self.stages(delivery)[1:3] == [("Sent", "done"), ("Received by the agent", "current")]

    def test_trouble_is_said(self, delivery: Delivery) -> None:
        note_trouble(delivery_id=delivery.pk, error="Restate can't be reached")
        delivery.refresh_from_db()
        stage = stages_of(delivery.request)[1]
        assert (stage.state, stage.detail) == ("current", "Trying again: Restate can't be reached")

    def test_kept_says_what_it_waits_for(self, delivery: Delivery) -> None:
        note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=timedelta(seconds=5))
        note_kept(delivery_id=delivery.pk, check_after=timedelta(seconds=5))
        delivery.refresh_from_db()
        assert "until it is resumed" in stages_of(delivery.request)[2].detail

    def test_undeliverable_says_why(self, delivery: Delivery) -> None:
        note_undeliverable(delivery_id=delivery.pk, reason="the run has ended without it")
        assert self.stages(delivery)[1] == ("Not deliverable", "failed")
        delivery.refresh_from_db()
        assert stages_of(delivery.request)[1].detail == "the run has ended without it"
