"""Times in words, and how far a decision has travelled."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from approvals.models import AgentService, Decision, Delivery
from approvals.presentation import travel
from approvals.presentation.times import countdown, duration, in_words
from approvals.presentation.travel import stages_of
from approvals.services.arriving import note_kept, note_undeliverable
from approvals.services.decide import approve_request
from approvals.services.travelling import claim_due_deliveries, note_sent, note_trouble
from approvals.templatetags.countersign import when
from tests.announcing import announce, announcer_of

NOW = datetime(2026, 4, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("delta", "form", "words"),
    [
        (timedelta(hours=-3, minutes=-12), "ago", "3 hr 12 min ago"),
        (timedelta(seconds=-5), "ago", "just now"),
        (timedelta(days=-2), "age", "2 days"),
        (timedelta(hours=20, minutes=48), "remaining", "20 hr 48 min"),
        (timedelta(hours=20, minutes=48), "left", "20 hr left"),
        (timedelta(seconds=-1), "left", "overdue"),
        (timedelta(), "moment", "12:00:00"),
        (timedelta(days=-1), "moment", "Apr 23, 12:00"),
        (timedelta(hours=3, minutes=12), "until", "in 3 hr 12 min"),
        (timedelta(seconds=-1), "until", "any moment now"),
        (timedelta(), "since", "12:00"),
        (timedelta(days=-1), "since", "Apr 23, 12:00"),
    ],
)
def test_a_time_in_words(delta: timedelta, form: str, words: str) -> None:
    assert in_words(NOW + delta, NOW, form) == words


@pytest.mark.parametrize("form", ["age", "ago", "left", "remaining", "until", "clock", "moment", "since"])
@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("zone", ["America/Lima", "Asia/Seoul", "UTC"])
def test_a_time_at_the_end_of_the_calendar_is_shown_in_every_zone(at: datetime, zone: str, form: str) -> None:
    with timezone.override(zone):
        assert str(at.year) in when(at, form)


@pytest.mark.parametrize(
    ("delta", "form", "words"),
    [
        (timedelta(hours=-3, minutes=-12), "ago", "3시간 12분 전"),
        (timedelta(seconds=-5), "ago", "방금 전"),
        (timedelta(days=-2), "age", "2일"),
        (timedelta(hours=20, minutes=48), "left", "20시간 남음"),
        (timedelta(seconds=30), "remaining", "1분 미만"),
        (timedelta(days=-1), "moment", "4월 23일 12:00"),
        (timedelta(hours=3, minutes=12), "until", "3시간 12분 후"),
    ],
)
def test_a_time_in_korean_words(delta: timedelta, form: str, words: str) -> None:
    with translation.override("ko"):
        assert in_words(NOW + delta, NOW, form) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.084, "84 ms"), (1.94, "1.9 sec"), (125, "2 min 5 sec"), (7_320, "2 hr 2 min")]
)
def test_a_duration_in_words(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(("seconds", "words"), [(4.2, "in 5 sec"), (0, "in a moment"), (-3, "in a moment")])
def test_a_countdown_in_words(seconds: float, words: str) -> None:
    assert countdown(timedelta(seconds=seconds)) == words


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

    @pytest.mark.parametrize(
        ("error", "detail", "words"),
        [
            (
                "Restate can't be reached: refused",
                "Restate is away. The decision is kept and goes out when it is back.",
                "waits until Restate is back",
            ),
            ("Restate answered 429", "Trying again: Restate answered 429", "to be sent"),
        ],
    )
    def test_trouble_is_said(self, delivery: Delivery, error: str, detail: str, words: str) -> None:
        claim_due_deliveries(now=timezone.now(), at_most=1)
        note_trouble(delivery_id=delivery.pk, at=timezone.now(), error=error)
        delivery.refresh_from_db()
        _, queued, received, _ = stages_of(delivery.request)
        assert (queued.state, queued.detail) == ("current", detail)
        assert (received.state, received.detail) == ("ahead", "")
        assert travel.in_words(delivery) == words

    def test_what_the_courier_has_not_touched_goes_out_in_a_moment(self, delivery: Delivery) -> None:
        assert travel.in_words(delivery) == "goes out in a moment"

    def test_what_a_restarted_run_took_along_was_never_sent(self, delivery: Delivery, reviewer: User) -> None:
        again = announce(announcer_of(delivery.request))
        decision = Decision.objects.create(
            request=again,
            reviewer=reviewer,
            outcome="approved",
            decided_at=timezone.now(),
            settles=True,
            kept_from=delivery.decision,
        )
        again.status, again.settled_at = "approved", timezone.now()
        again.save()
        kept = Delivery.objects.create(
            request=again, decision=decision, queued_at=timezone.now(), state="sent", sent_at=timezone.now()
        )
        assert self.stages(kept) == [("Approved", "done"), ("Kept by the restarted run", "current"), ("Done", "ahead")]
        assert travel.in_words(kept) == "kept by the restarted run"
        kept.state, kept.received_at = "received", timezone.now()
        kept.save()
        assert self.stages(kept)[1:] == [("Kept by the restarted run", "done"), ("Done", "current")]

    def test_kept_says_what_it_waits_for(self, delivery: Delivery) -> None:
        note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=timedelta(seconds=5))
        note_kept(delivery_id=delivery.pk, at=timezone.now())
        delivery.refresh_from_db()
        assert "until it is resumed" in stages_of(delivery.request)[2].detail

    def test_undeliverable_says_why(self, delivery: Delivery) -> None:
        note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=timedelta(seconds=5))
        note_undeliverable(delivery_id=delivery.pk, at=timezone.now(), reason="the run was killed")
        assert self.stages(delivery)[2] == ("Not received", "failed")
        delivery.refresh_from_db()
        assert stages_of(delivery.request)[2].detail == "The run was killed."
