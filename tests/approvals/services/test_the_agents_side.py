"""The agent acknowledges, reports, withdraws, and records what is no decision."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.errors import NothingToAcknowledge, OnItsWay
from approvals.models import AgentService, ApprovalRequest, Decision, Delivery
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.agents import register_agent_service
from approvals.services.announce import announce_request
from approvals.services.decide import approve_request
from approvals.services.report import record_invalid_answer, report_result, withdraw_request
from approvals.services.take_back import take_back_decision
from approvals.services.travelling import claim_due_deliveries
from restate_bridge.contract import Acknowledgement, InvalidAnswer, Report, Verdict
from restate_bridge.ids import awakeable_id
from tests.announcing import announce, announcement


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


@pytest.fixture
def decision(request_: ApprovalRequest, reviewer: User) -> Decision:
    return approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)


def acknowledge(service: AgentService, request: ApprovalRequest, decision_id: object) -> Verdict:
    return acknowledge_decision(
        agent_service=service,
        awakeable_id=request.awakeable_id,
        acknowledgement=Acknowledgement(decision_id=str(decision_id)),
    )


def test_a_decision_that_stands_may_go_and_is_noted_as_received_once(
    agent_service: AgentService, request_: ApprovalRequest, decision: Decision
) -> None:
    assert acknowledge(agent_service, request_, decision.id).go
    assert acknowledge(agent_service, request_, decision.id).go
    delivery = Delivery.objects.get(decision=decision)
    assert delivery.state == "received"
    # The courier looks after it until the agent reports.
    assert delivery.due_at is not None
    assert request_.events.filter(code="delivery.received").count() == 1


def test_a_decision_that_nobody_made_does_not_go_and_is_put_on_record(
    agent_service: AgentService, request_: ApprovalRequest
) -> None:
    for _ in range(2):
        verdict = acknowledge(agent_service, request_, "00000000-0000-0000-0000-000000000000")
        assert not verdict.go
        assert verdict.reason
    assert request_.events.filter(code="decision.refused").count() == 1
    request_.refresh_from_db()
    assert request_.is_pending


def test_a_decision_does_not_go_once_the_agent_has_asked_again(
    agent_service: AgentService, request_: ApprovalRequest, decision: Decision
) -> None:
    wanted = announcement(invocation_id=request_.invocation_id, supersedes=request_.awakeable_id)
    announce_request(
        agent_service=agent_service, awakeable_id=awakeable_id(request_.invocation_id, 18), announcement=wanted
    )
    verdict = acknowledge(agent_service, request_, decision.id)
    assert not verdict.go
    assert "asked again" in verdict.reason


def test_a_decision_that_was_carried_out_does_not_go_a_second_time(
    agent_service: AgentService, request_: ApprovalRequest, decision: Decision
) -> None:
    acknowledge(agent_service, request_, decision.id)
    report_result(agent_service=agent_service, awakeable_id=request_.awakeable_id, report=Report(state="done"))
    assert not acknowledge(agent_service, request_, decision.id).go
    assert request_.events.filter(code="decision.refused").count() == 1


def test_another_service_knows_nothing_of_the_request(request_: ApprovalRequest, decision: Decision) -> None:
    with pytest.raises(ApprovalRequest.DoesNotExist):
        acknowledge(register_agent_service(name="other", token="y" * 40), request_, decision.id)


def test_the_result_is_kept_and_a_second_report_changes_nothing(
    agent_service: AgentService, request_: ApprovalRequest, decision: Decision
) -> None:
    acknowledge(agent_service, request_, decision.id)
    for result in ({"paid": 1800}, {"paid": 99}):
        report_result(
            agent_service=agent_service,
            awakeable_id=request_.awakeable_id,
            report=Report(state="done", result=result),
        )
    delivery = Delivery.objects.get(decision=decision)
    assert (delivery.state, delivery.result) == ("done", {"paid": 1800})
    assert request_.events.filter(code="delivery.done").count() == 1


def test_a_failed_tool_is_reported_as_failed(
    agent_service: AgentService, request_: ApprovalRequest, decision: Decision
) -> None:
    acknowledge(agent_service, request_, decision.id)
    report_result(
        agent_service=agent_service,
        awakeable_id=request_.awakeable_id,
        report=Report(state="failed", result="the bank is closed"),
    )
    assert Delivery.objects.get(decision=decision).state == "failed"


def test_nothing_can_be_reported_before_it_was_acknowledged(
    agent_service: AgentService, request_: ApprovalRequest, decision: Decision
) -> None:
    with pytest.raises(NothingToAcknowledge):
        report_result(agent_service=agent_service, awakeable_id=request_.awakeable_id, report=Report(state="done"))


def test_a_withdrawn_request_leaves_the_inbox_and_a_settled_one_stays(
    agent_service: AgentService, request_: ApprovalRequest, reviewer: User
) -> None:
    withdraw_request(agent_service=agent_service, awakeable_id=request_.awakeable_id, reason="cancelled")
    withdraw_request(agent_service=agent_service, awakeable_id=request_.awakeable_id, reason="cancelled")
    request_.refresh_from_db()
    assert request_.status == "withdrawn"
    assert request_.events.filter(code="request.withdrawn").count() == 1
    other = announce(agent_service)
    approve_request(request_id=other.pk, reviewer=reviewer, seen=other.digest)
    withdraw_request(agent_service=agent_service, awakeable_id=other.awakeable_id, reason="cancelled")
    other.refresh_from_db()
    assert other.status == "approved"


def test_a_decision_that_the_agent_waits_for_no_longer_is_neither_sent_nor_taken_back(
    agent_service: AgentService, request_: ApprovalRequest, reviewer: User
) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, undo_window=timedelta(minutes=1))
    for _ in range(2):
        withdraw_request(agent_service=agent_service, awakeable_id=request_.awakeable_id, reason="finance was first")
    request_.refresh_from_db()
    delivery = Delivery.objects.get(request=request_)
    assert (request_.status, delivery.state, delivery.due_at) == ("approved", "undeliverable", None)
    assert delivery.last_error == "finance was first"
    [noted] = request_.events.filter(code="delivery.not_awaited")
    assert (noted.actor, noted.data) == ("agent:samples", {"reason": "finance was first"})
    with pytest.raises(OnItsWay):
        take_back_decision(request_id=request_.pk, reviewer=reviewer)
    assert claim_due_deliveries(now=timezone.now() + timedelta(hours=1), at_most=10) == []


def test_what_the_agent_has_received_stays_received_when_it_withdraws(
    agent_service: AgentService, request_: ApprovalRequest, decision: Decision
) -> None:
    acknowledge(agent_service, request_, decision.id)
    withdraw_request(agent_service=agent_service, awakeable_id=request_.awakeable_id, reason="cancelled")
    assert Delivery.objects.get(request=request_).state == "received"


def test_an_invalid_answer_is_recorded_and_decides_nothing(
    agent_service: AgentService, request_: ApprovalRequest
) -> None:
    for _ in range(2):  # A step whose process dies before it is journaled is repeated.
        record_invalid_answer(
            agent_service=agent_service,
            awakeable_id=request_.awakeable_id,
            invalid_answer=InvalidAnswer(code="forged", excerpt="eyJ…"),
        )
    request_.refresh_from_db()
    assert request_.is_pending
    assert request_.events.get(code="decision.invalid").data == {"problem": "forged", "excerpt": "eyJ…"}
