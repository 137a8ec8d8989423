"""A decision on a page that does not show what others did is refused once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.errors import ChangedSince
from approvals.models import AgentService, ApprovalRequest, AuditEvent
from approvals.services.claim import claim_request, release_request
from approvals.services.comment import add_comment
from approvals.services.decide import answer_request, approve_request, reject_request
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.take_back import take_back_decision
from tests.announcing import announce, question

type Deed = Callable[[ApprovalRequest, User], object]


def newest(request: ApprovalRequest) -> int:
    return AuditEvent.objects.filter(request=request).latest("pk").pk


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User, outsider: User) -> ApprovalRequest:
    stages = [{"after_seconds": 1, "groups": ["legal"]}, {"after_seconds": 2}]
    return announce(agent_service, quorum=3, escalations=stages)


def claim(request: ApprovalRequest, user: User) -> None:
    claim_request(request_id=request.pk, reviewer=user)


def let_go(request: ApprovalRequest, user: User) -> None:
    release_request(request_id=request.pk, reviewer=user)


def comment(request: ApprovalRequest, user: User) -> None:
    add_comment(request_id=request.pk, author=user, text="wait")


def approve(request: ApprovalRequest, user: User) -> None:
    approve_request(request_id=request.pk, reviewer=user, seen=request.digest)


def take_back(request: ApprovalRequest, user: User) -> None:
    take_back_decision(request_id=request.pk, reviewer=user)


def escalate(request: ApprovalRequest, user: User) -> None:
    carry_out_next_escalation(now=timezone.now() + timedelta(hours=1))


@pytest.mark.parametrize(
    ("before", "deed", "code"),
    [
        (None, claim, "request.claimed"),
        (claim, let_go, "request.released"),
        (None, comment, "comment.added"),
        (None, approve, "decision.recorded"),
        (approve, take_back, "decision.taken_back"),
        (None, escalate, "request.escalated"),
    ],
)
def test_what_somebody_else_did_since_is_told_and_decided_upon_when_it_was_seen(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User, before: Deed | None, deed: Deed, code: str
) -> None:
    if before:
        before(request_, second_reviewer)
    shown = newest(request_)
    deed(request_, second_reviewer)
    with pytest.raises(ChangedSince) as refused:
        reject_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, version=shown, note="no")
    assert [change.code for change in refused.value.changes] == [code]
    assert not request_.decisions.filter(reviewer=reviewer).exists()
    reject_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, version=newest(request_), note="no")


def test_what_one_did_oneself_and_reminders_are_no_change(request_: ApprovalRequest, reviewer: User) -> None:
    escalate(request_, reviewer)
    shown = newest(request_)
    claim(request_, reviewer)
    comment(request_, reviewer)
    escalate(request_, reviewer)
    assert request_.events.filter(code="request.reminded").exists()
    decision = approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, version=shown)
    assert decision.reviewer == reviewer


def test_without_a_version_nothing_is_compared(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    claim(request_, second_reviewer)
    approve(request_, reviewer)


def test_an_answer_is_guarded_too(agent_service: AgentService, reviewer: User, second_reviewer: User) -> None:
    request = announce(agent_service, question())
    shown = newest(request)
    comment(request, second_reviewer)
    with pytest.raises(ChangedSince):
        answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, version=shown, answer="Hanil")
