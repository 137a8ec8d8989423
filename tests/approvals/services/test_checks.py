"""What is compared with the engine next is taken and put back in batches."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.services.checks import CHECK_LEASE, NextChecks, put_back, take_deliveries, take_requests
from approvals.services.decide import approve_request
from approvals.services.report import withdraw_request
from approvals.services.travelling import note_sent
from tests.announcing import announce


@pytest.fixture
def now(finance: Group) -> datetime:
    return timezone.now() + timedelta(seconds=1)


def approved(agent_service: AgentService, reviewer: User) -> Delivery:
    request = announce(agent_service)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    return Delivery.objects.get(request=request)


def test_a_request_is_taken_once_and_again_when_its_courier_dies(agent_service: AgentService, now: datetime) -> None:
    request = announce(agent_service)
    until = now + CHECK_LEASE
    (check,) = take_requests(now=now, until=until, at_most=10)
    assert (check.request_id, check.invocation_id, check.is_linked) == (request.pk, request.invocation_id, False)
    assert take_requests(now=now, until=until, at_most=10) == []
    assert len(take_requests(now=until, until=until + CHECK_LEASE, at_most=10)) == 1


def test_a_batch_is_bounded_and_takes_the_longest_due_first(agent_service: AgentService, now: datetime) -> None:
    first, *_ = [announce(agent_service) for _ in range(3)]
    assert [check.request_id for check in take_requests(now=now, until=now + CHECK_LEASE, at_most=1)] == [first.pk]


def test_what_is_settled_is_compared_once_more_for_its_run_may_be_a_restart(
    agent_service: AgentService, now: datetime
) -> None:
    request = announce(agent_service)
    withdraw_request(agent_service=agent_service, awakeable_id=request.awakeable_id, reason="cancelled")
    until = now + CHECK_LEASE
    [check] = take_requests(now=now, until=until, at_most=10)
    assert not check.is_pending
    put_back(checks=NextChecks(until, [(request.pk, None)]))
    assert take_requests(now=until, until=until + CHECK_LEASE, at_most=10) == []


def test_only_a_delivery_that_is_on_its_way_is_compared(
    agent_service: AgentService, reviewer: User, now: datetime
) -> None:
    delivery = approved(agent_service, reviewer)
    assert take_deliveries(now=now, until=now + CHECK_LEASE, at_most=10) == []
    note_sent(delivery_id=delivery.pk, at=now, check_after=timedelta(0))
    (check,) = take_deliveries(now=now, until=now + CHECK_LEASE, at_most=10)
    assert (check.delivery_id, check.state, check.sent_at) == (delivery.pk, "sent", now)
    assert (check.overtaken, check.reported_before) == (False, False)
    assert take_deliveries(now=now, until=now + CHECK_LEASE, at_most=10) == []


def test_everything_is_put_back_with_two_statements(
    agent_service: AgentService, reviewer: User, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    requests, deliveries = [announce(agent_service) for _ in range(3)], [approved(agent_service, reviewer)]
    until = now + CHECK_LEASE
    ApprovalRequest.objects.filter(status="pending").update(check_at=until)
    Delivery.objects.update(due_at=until)
    later = [now + timedelta(minutes=minutes) for minutes in range(1, 4)]
    with django_assert_num_queries(2):
        put_back(
            checks=NextChecks(
                until,
                [(request.pk, at) for request, at in zip(requests, later, strict=True)],
                [(delivery.pk, later[0]) for delivery in deliveries],
            )
        )
    assert [ApprovalRequest.objects.get(pk=request.pk).check_at for request in requests] == later
    assert Delivery.objects.get().due_at == later[0]


def test_what_was_changed_meanwhile_keeps_its_own_time(agent_service: AgentService, now: datetime) -> None:
    request = announce(agent_service)
    until = now + CHECK_LEASE
    take_requests(now=now, until=until, at_most=10)
    ApprovalRequest.objects.filter(pk=request.pk).update(check_at=now)
    put_back(checks=NextChecks(until, [(request.pk, now + timedelta(hours=1))]))
    request.refresh_from_db()
    assert request.check_at == now
