"""The courier claims deliveries and notes what became of them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, Delivery
from approvals.selectors.deliveries import next_due
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.decide import approve_request
from approvals.services.travelling import (
    LEASE,
    claim_due_deliveries,
    note_kept,
    note_never_reported,
    note_sent,
    note_trouble,
    note_undeliverable,
)
from restate_bridge.contract import Acknowledgement
from tests.announcing import announce

SOON = timedelta(seconds=5)


@pytest.fixture
def delivery(agent_service: AgentService, reviewer: User) -> Delivery:
    request = announce(agent_service)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    return Delivery.objects.get(request=request)


def acknowledge(delivery: Delivery, service: AgentService) -> None:
    awakeable_id = delivery.request.awakeable_id
    acknowledgement = Acknowledgement(decision_id=str(delivery.decision_id))
    acknowledge_decision(agent_service=service, awakeable_id=awakeable_id, acknowledgement=acknowledgement)


def test_a_claimed_delivery_is_leased_and_comes_back_when_its_courier_dies(delivery: Delivery) -> None:
    now = timezone.now()
    (parcel,) = claim_due_deliveries(now=now, at_most=10)
    assert (parcel.delivery_id, parcel.decided_by) == (delivery.pk, "Rea Viewer")
    assert parcel.arguments == delivery.request.arguments
    assert claim_due_deliveries(now=now, at_most=10) == []
    assert [parcel.delivery_id for parcel in claim_due_deliveries(now=now + LEASE, at_most=10)] == [delivery.pk]


def test_what_was_sent_is_looked_at_again_because_202_proves_nothing(delivery: Delivery) -> None:
    sent_at = timezone.now()
    note_sent(delivery_id=delivery.pk, at=sent_at, check_after=SOON)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.due_at) == ("sent", sent_at, sent_at + SOON)


def test_an_agent_that_was_quicker_than_the_courier_stays_ahead(
    delivery: Delivery, agent_service: AgentService
) -> None:
    acknowledge(delivery, agent_service)
    note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=SOON)
    delivery.refresh_from_db()
    assert delivery.state == "received"
    assert delivery.sent_at is not None


def test_a_run_that_ends_without_a_report_is_said_to_have_failed(
    delivery: Delivery, agent_service: AgentService
) -> None:
    acknowledge(delivery, agent_service)
    note_never_reported(delivery_id=delivery.pk, reason="the run has ended without it")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at) == ("failed", None)
    assert "never reported" in delivery.result


def test_trouble_is_tried_again_later_each_time_and_recorded_once(delivery: Delivery) -> None:
    pauses = []
    for _ in range(4):
        note_trouble(delivery_id=delivery.pk, error="Restate can't be reached")
        delivery.refresh_from_db()
        assert delivery.due_at is not None
        pauses.append(delivery.due_at - timezone.now())
    assert pauses == sorted(pauses)
    assert delivery.state == "queued"
    assert delivery.request.events.filter(code="delivery.delayed").count() == 1


def test_a_decision_for_a_paused_run_is_kept_and_looked_after(delivery: Delivery) -> None:
    note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=SOON)
    note_kept(delivery_id=delivery.pk, check_after=SOON)
    delivery.refresh_from_db()
    assert delivery.state == "kept"
    assert delivery.due_at is not None


def test_what_is_not_deliverable_says_why_and_is_left_alone(delivery: Delivery) -> None:
    note_undeliverable(delivery_id=delivery.pk, reason="the run was killed")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at, delivery.last_error) == ("undeliverable", None, "the run was killed")
    assert delivery.request.events.get(code="delivery.undeliverable").data == {"reason": "the run was killed"}


def test_what_the_agent_has_received_nothing_takes_back(delivery: Delivery, agent_service: AgentService) -> None:
    acknowledge(delivery, agent_service)
    note_undeliverable(delivery_id=delivery.pk, reason="the run has ended")
    note_trouble(delivery_id=delivery.pk, error="away")
    delivery.refresh_from_db()
    assert delivery.state == "received"


def test_the_next_due_time_is_the_earliest_of_deliveries_and_deadlines(
    delivery: Delivery, agent_service: AgentService
) -> None:
    request = announce(agent_service, deadline_seconds=60)
    assert next_due() == delivery.due_at
    Delivery.objects.update(due_at=None)
    assert next_due() == request.deadline_at
