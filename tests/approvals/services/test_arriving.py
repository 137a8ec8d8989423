"""The courier notes what it found out about a delivery by looking at its run."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, Decision, Delivery
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.arriving import (
    note_going_on,
    note_kept,
    note_never_reported,
    note_undeliverable,
    queue_again,
    take_over_report,
)
from approvals.services.decide import approve_request
from approvals.services.report import report_result
from approvals.services.travelling import claim_due_deliveries, note_sent
from restate_bridge.contract import Acknowledgement, Report
from tests.announcing import announce

NOW = timezone.now()


def sent(agent_service: AgentService, reviewer: User) -> Delivery:
    request = announce(agent_service)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    delivery = Delivery.objects.get(request=request)
    note_sent(delivery_id=delivery.pk, at=NOW, check_after=timedelta(seconds=5))
    delivery.refresh_from_db()
    return delivery


@pytest.fixture
def delivery(agent_service: AgentService, reviewer: User) -> Delivery:
    return sent(agent_service, reviewer)


def acknowledge(delivery: Delivery, service: AgentService) -> None:
    awakeable_id = delivery.request.awakeable_id
    acknowledgement = Acknowledgement(decision_id=str(delivery.decision.signed_id))
    acknowledge_decision(agent_service=service, awakeable_id=awakeable_id, acknowledgement=acknowledgement)


def codes(delivery: Delivery) -> list[str]:
    """What the record says of the courier's findings."""
    return [event.code for event in delivery.request.events.filter(actor="courier").exclude(code="delivery.sent")]


def test_a_decision_for_a_paused_run_is_kept_and_goes_on_when_the_run_does(delivery: Delivery) -> None:
    note_kept(delivery_id=delivery.pk, at=NOW)
    delivery.refresh_from_db()
    assert delivery.state == "kept"
    assert delivery.due_at is not None
    note_going_on(delivery_id=delivery.pk, at=NOW)
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_what_did_not_arrive_goes_back_to_be_sent_and_stays_claimed(delivery: Delivery) -> None:
    Delivery.objects.update(claimed_at=NOW)
    queue_again(delivery_id=delivery.pk, at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at, delivery.claimed_at) == ("queued", NOW, NOW)
    assert codes(delivery) == ["delivery.queued_again"]
    assert [parcel.delivery_id for parcel in claim_due_deliveries(now=NOW, at_most=10)] == [delivery.pk]


def test_what_is_not_deliverable_says_why_and_is_left_alone(delivery: Delivery) -> None:
    note_undeliverable(delivery_id=delivery.pk, at=NOW, reason="the run was killed")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at, delivery.last_error) == ("undeliverable", None, "the run was killed")
    event = delivery.request.events.get(code="delivery.undeliverable")
    assert (event.data, event.at) == ({"reason": "the run was killed"}, NOW)


def test_a_run_that_ends_without_a_report_is_said_to_have_failed(
    delivery: Delivery, agent_service: AgentService
) -> None:
    acknowledge(delivery, agent_service)
    note_never_reported(delivery_id=delivery.pk, at=NOW, reason="the run was killed")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at) == ("failed", None)
    assert "never reported: the run was killed." in delivery.result


def test_a_run_that_comes_back_after_all_may_still_report(delivery: Delivery, agent_service: AgentService) -> None:
    acknowledge(delivery, agent_service)
    note_never_reported(delivery_id=delivery.pk, at=NOW, reason="Restate no longer knows the run")
    for _ in range(2):
        report_result(
            agent_service=agent_service,
            awakeable_id=delivery.request.awakeable_id,
            report=Report(state="done", result="paid"),
        )
    delivery.refresh_from_db()
    assert (delivery.state, delivery.result) == ("done", "paid")
    assert delivery.request.events.filter(code="delivery.done").count() == 1


@pytest.mark.parametrize(
    "note",
    [note_kept, note_going_on, queue_again, partial(note_undeliverable, reason="the run was killed")],
)
def test_what_the_agent_has_received_nothing_takes_back(
    delivery: Delivery, agent_service: AgentService, note: Callable[..., Any]
) -> None:
    acknowledge(delivery, agent_service)
    note(delivery_id=delivery.pk, at=NOW)
    delivery.refresh_from_db()
    assert delivery.state == "received"
    assert codes(delivery) == []


@pytest.mark.parametrize("note", [note_kept, partial(note_undeliverable, reason="killed"), queue_again])
def test_noting_the_same_twice_is_noting_it_once(delivery: Delivery, note: Callable[..., Any]) -> None:
    note(delivery_id=delivery.pk, at=NOW)
    note(delivery_id=delivery.pk, at=NOW)
    assert len(codes(delivery)) == 1


class TestARunThatWasRestartedBehindItsReport:
    @pytest.fixture
    def copy(self, delivery: Delivery, agent_service: AgentService) -> Delivery:
        """The delivery of the same decision to the restarted run, received there."""
        request = announce(agent_service)
        decision = Decision.objects.create(
            request=request, outcome="approved", decided_at=NOW, settles=True, kept_from=delivery.decision
        )
        copy = Delivery.objects.create(request=request, decision=decision, state="sent", queued_at=NOW, due_at=NOW)
        acknowledge(copy, agent_service)
        return copy

    def test_ends_as_it_had_ended_before(self, delivery: Delivery, copy: Delivery, agent_service: AgentService) -> None:
        acknowledge(delivery, agent_service)
        told = Report(state="done", result={"paid": True})
        report_result(agent_service=agent_service, awakeable_id=delivery.request.awakeable_id, report=told)
        take_over_report(delivery_id=copy.pk, at=NOW)
        copy.refresh_from_db()
        assert (copy.state, copy.result, copy.finished_at, copy.due_at) == ("done", {"paid": True}, NOW, None)
        event = copy.request.events.get(code="delivery.reported_before")
        assert event.data == {"state": "done", "reported_on": delivery.request_id}

    def test_has_nothing_to_take_over_when_there_was_no_report(self, copy: Delivery) -> None:
        take_over_report(delivery_id=copy.pk, at=NOW)
        copy.refresh_from_db()
        assert copy.state == "received"
