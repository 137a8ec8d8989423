"""The courier claims deliveries, and notes that it sent them or could not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.listening import listen
from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.notify import RECONCILER_CHANNEL
from approvals.selectors.deliveries import next_check_due, next_deadline_due, next_delivery_due
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.arriving import note_undeliverable
from approvals.services.decide import approve_request
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.travelling import LEASE, claim_due_deliveries, note_sent, note_sent_together, note_trouble
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


def test_several_that_were_sent_are_noted_as_if_each_had_been_by_itself(
    agent_service: AgentService, reviewer: User
) -> None:
    deliveries = []
    for _ in range(4):
        request = announce(agent_service)
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
        deliveries.append(Delivery.objects.get(request=request))
    alone, first, second, quick = deliveries
    acknowledge(quick, agent_service)
    at = timezone.now()
    note_sent(delivery_id=alone.pk, at=at, check_after=SOON)
    for _ in range(2):
        sent = {delivery.pk: at for delivery in (first, second, quick)}
        assert note_sent_together(sent=sent, check_after=SOON) == sent.keys()
    for delivery in deliveries:
        delivery.refresh_from_db()
    assert [(d.state, d.sent_at, d.attempts) for d in deliveries] == [
        ("sent", at, 1),
        ("sent", at, 2),
        ("sent", at, 2),
        ("received", at, 2),
    ]
    assert [d.due_at for d in deliveries[:3]] == [at + SOON] * 3
    lines = [list(d.request.events.filter(code="delivery.sent").values_list("actor", "at", "data")) for d in deliveries]
    assert lines == [[("courier", at, {"decision": str(d.decision_id)})] for d in deliveries]


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


def test_trouble_is_tried_again_later_each_time_and_recorded_once(delivery: Delivery) -> None:
    pauses = []
    for _ in range(4):
        note_trouble(delivery_id=delivery.pk, at=timezone.now(), error="Restate can't be reached")
        delivery.refresh_from_db()
        assert delivery.due_at is not None
        pauses.append(delivery.due_at - timezone.now())
    assert pauses == sorted(pauses)
    assert delivery.state == "queued"
    assert delivery.request.events.filter(code="delivery.delayed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_trouble_has_the_engine_looked_at(delivery: Delivery) -> None:
    with listen(RECONCILER_CHANNEL) as listener:
        note_trouble(delivery_id=delivery.pk, at=timezone.now(), error="Restate can't be reached")
        assert list(listener.notifies(timeout=5, stop_after=1))


def test_trouble_with_what_another_courier_has_sent_meanwhile_changes_nothing(delivery: Delivery) -> None:
    note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=SOON)
    note_trouble(delivery_id=delivery.pk, at=timezone.now(), error="away")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("sent", "")


def test_a_slow_courier_takes_nothing_back_that_was_found_out_since(delivery: Delivery) -> None:
    note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=SOON)
    note_undeliverable(delivery_id=delivery.pk, at=timezone.now(), reason="the run was killed")
    note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=SOON)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at) == ("undeliverable", None)


def test_what_is_sent_is_not_claimed_for_sending(delivery: Delivery) -> None:
    now = timezone.now()
    note_sent(delivery_id=delivery.pk, at=now, check_after=timedelta(0))
    assert claim_due_deliveries(now=now + LEASE, at_most=10) == []


def test_from_the_first_claim_on_a_decision_may_be_on_its_way(delivery: Delivery) -> None:
    assert delivery.claimed_at is None
    now = timezone.now()
    claim_due_deliveries(now=now, at_most=10)
    claim_due_deliveries(now=now + LEASE, at_most=10)
    delivery.refresh_from_db()
    assert delivery.claimed_at == now


class TestWhatIsDueNext:
    """Each round asks for what is its own."""

    def test_sending_knows_what_is_queued_alone(self, delivery: Delivery) -> None:
        assert next_delivery_due() == delivery.due_at
        note_sent(delivery_id=delivery.pk, at=timezone.now(), check_after=SOON)
        assert next_delivery_due() is None

    def test_the_clock_knows_the_earliest_of_deadlines_and_escalations(
        self, delivery: Delivery, agent_service: AgentService
    ) -> None:
        assert next_deadline_due() is None
        request = announce(agent_service, deadline_seconds=60)
        assert next_deadline_due() == request.deadline_at
        stage = announce(agent_service, deadline_seconds=90, escalations=[{"after_seconds": 30}]).escalations.get()
        assert next_deadline_due() == stage.due_at
        carry_out_next_escalation(now=stage.due_at)
        assert next_deadline_due() == request.deadline_at

    def test_the_reconciler_knows_the_earliest_of_requests_and_deliveries_on_their_way(
        self, delivery: Delivery, agent_service: AgentService
    ) -> None:
        ApprovalRequest.objects.update(check_at=None)
        assert next_check_due() is None
        sent_at = timezone.now() - SOON * 2
        note_sent(delivery_id=delivery.pk, at=sent_at, check_after=SOON)
        assert next_check_due() == sent_at + SOON
        Delivery.objects.update(due_at=None)
        request = announce(agent_service)
        assert next_check_due() == request.check_at
