"""An operator holds a request."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from approvals.errors import AlreadySettled, NotAuthorised
from approvals.models import AgentService, ApprovalRequest
from approvals.rules.eligibility import Obstacle
from approvals.selectors.deliveries import next_deadline_due
from approvals.services.decide import approve_request
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.expire import expire_next_request
from approvals.services.hold import hold_request, unhold_request
from tests.announcing import announce


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_user("operator")


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service, deadline_seconds=3600, escalations=[{"after_seconds": 1800}])


def hold(request: ApprovalRequest, operator: User) -> bool:
    return hold_request(request_id=request.pk, operator=operator, reason="a new contract is due")


def unhold(request: ApprovalRequest, operator: User) -> bool:
    return unhold_request(request_id=request.pk, operator=operator, reason="it is signed")


def test_nobody_decides_what_is_held_and_everybody_may_read_why(
    request_: ApprovalRequest, operator: User, reviewer: User
) -> None:
    assert hold(request_, operator)
    with pytest.raises(NotAuthorised) as refused:
        approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    assert refused.value.obstacle is Obstacle.HELD
    event = request_.events.get(code="request.held")
    assert (event.actor, event.data) == ("user:operator", {"reason": "a new contract is due"})


def test_holding_twice_or_letting_go_of_what_is_not_held_changes_nothing(
    request_: ApprovalRequest, operator: User
) -> None:
    assert not unhold(request_, operator)
    assert [hold(request_, operator), hold(request_, operator)] == [True, False]
    assert [unhold(request_, operator), unhold(request_, operator)] == [True, False]
    assert [event.code for event in request_.events.all()][1:] == ["request.held", "request.unheld"]


def test_the_clock_stands_still_meanwhile(request_: ApprovalRequest, operator: User) -> None:
    hold(request_, operator)
    late = timezone.now() + timedelta(hours=5)
    assert expire_next_request(now=late) is None
    assert carry_out_next_escalation(now=late) is None
    assert next_deadline_due() is None


def test_when_it_is_let_go_on_it_has_the_time_that_it_had_left(
    request_: ApprovalRequest, operator: User, reviewer: User
) -> None:
    hold(request_, operator)
    held_before = timezone.now() - timedelta(hours=3)
    ApprovalRequest.objects.filter(pk=request_.pk).update(held_at=held_before)
    was, stage = request_.deadline_at, request_.escalations.get().due_at
    unhold(request_, operator)
    now = ApprovalRequest.objects.get(pk=request_.pk)
    assert was is not None
    assert now.deadline_at is not None
    assert timedelta(hours=3) <= now.deadline_at - was < timedelta(hours=3, minutes=5)
    assert now.deadline_at - was == now.escalations.get().due_at - stage
    assert now.escalates_at == now.escalations.get().due_at
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)


def test_what_is_settled_is_not_held(request_: ApprovalRequest, operator: User, reviewer: User) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    for verb in (hold, unhold):
        with pytest.raises(AlreadySettled):
            verb(request_, operator)


def test_who_belongs_to_none_of_its_groups_reads_that_first(
    request_: ApprovalRequest, operator: User, outsider: User, finance: Group
) -> None:
    hold(request_, operator)
    with pytest.raises(NotAuthorised) as refused:
        approve_request(request_id=request_.pk, reviewer=outsider, seen=request_.digest)
    assert refused.value.obstacle is Obstacle.NOT_A_REVIEWER
