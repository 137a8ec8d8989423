"""Somebody takes care of a request: others see it, and can decide all the same."""

import pytest
from django.contrib.auth.models import User

from approvals.errors import AlreadySettled, NotAuthorised
from approvals.models import AgentService, ApprovalRequest
from approvals.services.claim import claim_request, release_request
from approvals.services.decide import approve_request, reject_request
from approvals.services.expire import expire_next_request
from approvals.services.take_back import take_back_decision
from tests.announcing import announce


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service, deadline_seconds=3600)


def codes(request: ApprovalRequest) -> list[str]:
    return [event.code for event in request.events.exclude(code="request.announced")]


def test_a_claim_says_who_and_since_when_and_stands_on_the_record(request_: ApprovalRequest, reviewer: User) -> None:
    claim_request(request_id=request_.pk, reviewer=reviewer)
    request_.refresh_from_db()
    event = request_.events.get(code="request.claimed")
    assert (request_.claimed_by, request_.claimed_at) == (reviewer, event.at)
    assert (event.actor, event.data) == ("user:reviewer", {})


def test_claiming_again_changes_nothing(request_: ApprovalRequest, reviewer: User) -> None:
    for _ in range(2):
        claim_request(request_id=request_.pk, reviewer=reviewer)
    assert codes(request_) == ["request.claimed"]


def test_another_reviewer_takes_it_over_and_then_it_is_not_the_first_ones_to_release(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    claim_request(request_id=request_.pk, reviewer=reviewer)
    claim_request(request_id=request_.pk, reviewer=second_reviewer)
    release_request(request_id=request_.pk, reviewer=reviewer)
    request_.refresh_from_db()
    assert request_.claimed_by == second_reviewer
    assert codes(request_) == ["request.claimed", "request.claimed"]
    last = request_.events.last()
    assert last is not None
    assert last.data == {"from": "reviewer"}


def test_whoever_claimed_it_can_let_go(request_: ApprovalRequest, reviewer: User) -> None:
    claim_request(request_id=request_.pk, reviewer=reviewer)
    release_request(request_id=request_.pk, reviewer=reviewer)
    request_.refresh_from_db()
    assert (request_.claimed_by, request_.claimed_at) == (None, None)
    assert codes(request_) == ["request.claimed", "request.released"]


def test_only_who_may_decide_can_claim(request_: ApprovalRequest, requester: User, outsider: User) -> None:
    for user in (requester, outsider):
        with pytest.raises(NotAuthorised):
            claim_request(request_id=request_.pk, reviewer=user)
    with pytest.raises(ApprovalRequest.DoesNotExist):
        release_request(request_id=request_.pk, reviewer=outsider)
    assert codes(request_) == []


def test_a_claim_keeps_nobody_else_from_deciding_and_ends_with_the_decision(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    claim_request(request_id=request_.pk, reviewer=reviewer)
    reject_request(request_id=request_.pk, reviewer=second_reviewer, seen=request_.digest, note="no")
    request_.refresh_from_db()
    assert (request_.status, request_.claimed_by) == ("rejected", None)
    with pytest.raises(AlreadySettled):
        claim_request(request_id=request_.pk, reviewer=reviewer)
    take_back_decision(request_id=request_.pk, reviewer=second_reviewer)
    claim_request(request_id=request_.pk, reviewer=reviewer)


def test_a_deadline_ends_a_claim(request_: ApprovalRequest, reviewer: User) -> None:
    claim_request(request_id=request_.pk, reviewer=reviewer)
    request_.refresh_from_db()
    assert request_.deadline_at is not None
    expire_next_request(now=request_.deadline_at)
    request_.refresh_from_db()
    assert (request_.status, request_.claimed_by) == ("expired", None)


def test_an_approval_that_the_quorum_waits_on_releases_the_own_claim_and_no_other(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    own, others = (announce(agent_service, quorum=2) for _ in range(2))
    claim_request(request_id=own.pk, reviewer=reviewer)
    claim_request(request_id=others.pk, reviewer=second_reviewer)
    for request in (own, others):
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
        request.refresh_from_db()
    assert (own.claimed_by, others.claimed_by) == (None, second_reviewer)
    with pytest.raises(NotAuthorised, match="already_approved"):
        claim_request(request_id=own.pk, reviewer=reviewer)
