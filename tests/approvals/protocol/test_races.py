"""Two at the same time: a decision, a deadline, an escalation, and several couriers."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group, User

from approvals.errors import AlreadySettled, ChangedSince, NotAuthorised
from approvals.models import AgentService, ApprovalRequest, Decision, Delivery, Escalation
from approvals.services.claim import claim_request
from approvals.services.decide import approve_request
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.expire import expire_next_request
from approvals.services.report import withdraw_request
from tests.announcing import announce
from tests.approvals.protocol.racing import Call, behind, held, outcome_of, together

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    Group.objects.create(name="legal")
    return announce(
        agent_service, deadline_seconds=2 * 86_400, escalations=[{"after_seconds": 60, "groups": ["legal"]}]
    )


@pytest.fixture
def approve(request_: ApprovalRequest, reviewer: User) -> Call:
    return partial(approve_request, request_id=request_.pk, reviewer=reviewer, seen=request_.digest)


@pytest.fixture
def expire(request_: ApprovalRequest) -> Call:
    return partial(expire_next_request, now=request_.announced_at + 3 * DAY)


@pytest.fixture
def escalate(request_: ApprovalRequest) -> Call:
    return partial(carry_out_next_escalation, now=request_.announced_at + DAY)


def settled_once_as(request: ApprovalRequest) -> str:
    """Return the status, after making sure that one decision settled it and one delivery is on its way."""
    request.refresh_from_db()
    decision = request.decisions.get(settles=True)
    assert (decision.outcome, Delivery.objects.get(request=request).decision) == (request.status, decision)
    assert request.events.exclude(status_to="").count() == 1
    return request.status


def test_a_deadline_passes_over_what_is_being_decided(request_: ApprovalRequest, approve: Call, expire: Call) -> None:
    with held(approve):
        assert expire() is None
    assert expire() is None
    assert settled_once_as(request_) == "approved"


def test_a_decision_that_waited_for_the_deadline_is_told_that_it_passed(
    request_: ApprovalRequest, approve: Call, expire: Call
) -> None:
    assert isinstance(behind(expire, approve), AlreadySettled)
    assert settled_once_as(request_) == "expired"


def test_a_decision_that_waited_for_an_escalation_is_made_all_the_same(
    request_: ApprovalRequest, approve: Call, escalate: Call
) -> None:
    assert isinstance(behind(escalate, approve), Decision)
    assert settled_once_as(request_) == "approved"
    assert Escalation.objects.get().carried_out_at is not None


def test_an_escalation_passes_over_what_is_being_decided(
    request_: ApprovalRequest, approve: Call, escalate: Call
) -> None:
    with held(approve):
        assert escalate() is None
    assert escalate() is None
    assert Escalation.objects.get().carried_out_at is None
    assert not request_.groups.filter(name="legal").exists()


def test_whoever_an_escalation_asks_may_decide_only_when_it_is_committed(
    request_: ApprovalRequest, escalate: Call
) -> None:
    lawyer = User.objects.create_user("lawyer")
    lawyer.groups.add(Group.objects.get(name="legal"))
    decide = partial(approve_request, request_id=request_.pk, reviewer=lawyer, seen=request_.digest)
    assert isinstance(outcome_of(decide), NotAuthorised)
    assert isinstance(behind(escalate, decide), Decision)


def test_a_run_that_is_cancelled_as_its_deadline_passes_ends_one_way(
    agent_service: AgentService, request_: ApprovalRequest, expire: Call
) -> None:
    withdraw = partial(
        withdraw_request, agent_service=agent_service, awakeable_id=request_.awakeable_id, reason="cancelled"
    )
    with held(withdraw):
        assert expire() is None
    assert expire() is None
    request_.refresh_from_db()
    assert (request_.status, Delivery.objects.count()) == ("withdrawn", 0)


@pytest.mark.parametrize("attempt", range(8))
def test_a_decision_and_a_deadline_at_the_same_moment_settle_it_once(
    request_: ApprovalRequest, approve: Call, expire: Call, attempt: int
) -> None:
    decided, *expired = together(approve, expire, expire)
    status = settled_once_as(request_)
    assert isinstance(decided, Decision if status == "approved" else AlreadySettled)
    assert len([request for request in expired if request == request_]) == (status == "expired")


def test_several_couriers_expire_each_request_once(agent_service: AgentService, finance: Group) -> None:
    requests = [announce(agent_service, deadline_seconds=60) for _ in range(12)]
    now = requests[-1].announced_at + DAY

    def expire_all() -> list[int]:
        return [request.pk for request in iter(partial(expire_next_request, now=now), None)]

    expired = Counter(pk for each in together(*[expire_all] * 4) for pk in each)
    assert expired == Counter(request.pk for request in requests)
    assert {settled_once_as(request) for request in requests} == {"expired"}


def test_several_couriers_carry_out_each_stage_once_and_in_order(agent_service: AgentService, finance: Group) -> None:
    stages = [{"after_seconds": seconds} for seconds in (60, 120, 180)]
    requests = [announce(agent_service, escalations=stages) for _ in range(4)]
    now = requests[-1].announced_at + DAY

    def escalate_all() -> list[int]:
        return [stage.pk for stage in iter(partial(carry_out_next_escalation, now=now), None)]

    carried_out = Counter(pk for each in together(*[escalate_all] * 4) for pk in each)
    assert carried_out == Counter(Escalation.objects.values_list("pk", flat=True))
    assert all(request.events.filter(code="request.reminded").count() == 3 for request in requests)


def test_a_decision_that_waited_for_a_claim_is_told_of_it_once(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    shown = request_.events.latest("pk").pk
    claim = partial(claim_request, request_id=request_.pk, reviewer=second_reviewer)
    approve = partial(approve_request, request_id=request_.pk, reviewer=reviewer, seen=request_.digest, version=shown)
    assert isinstance(behind(claim, approve), ChangedSince)
    shown = request_.events.latest("pk").pk
    approve = partial(approve_request, request_id=request_.pk, reviewer=reviewer, seen=request_.digest, version=shown)
    assert isinstance(outcome_of(approve), Decision)
    assert settled_once_as(request_) == "approved"


def test_a_claim_that_waited_for_a_decision_is_told_who_was_first(
    request_: ApprovalRequest, second_reviewer: User, approve: Call
) -> None:
    claim = partial(claim_request, request_id=request_.pk, reviewer=second_reviewer)
    assert isinstance(behind(approve, claim), AlreadySettled)
    request_.refresh_from_db()
    assert request_.claimed_by is None


def test_of_two_who_claim_at_once_the_second_takes_over_from_the_first(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    together(*(partial(claim_request, request_id=request_.pk, reviewer=user) for user in (reviewer, second_reviewer)))
    first, second = request_.events.filter(code="request.claimed")
    request_.refresh_from_db()
    assert request_.claimed_by is not None
    assert f"user:{request_.claimed_by.username}" == second.actor
    assert second.data == {"from": first.actor.removeprefix("user:")}
