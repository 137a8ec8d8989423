"""The courier notes what it found out about a request by looking at its run."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest
from approvals.services.decide import reject_request
from approvals.services.reconciling import note_found, note_missing, withdraw_ended
from tests.announcing import announce

NOW = timezone.now()


@pytest.fixture
def request_(agent_service: AgentService, finance: Group) -> ApprovalRequest:
    return announce(agent_service)


def found_out(request: ApprovalRequest) -> list[str]:
    return [event.code for event in request.events.filter(actor="courier")]


def test_a_missing_run_marks_its_request_once_and_withdraws_nothing(request_: ApprovalRequest) -> None:
    note_missing(request_id=request_.pk, at=NOW)
    note_missing(request_id=request_.pk, at=NOW + timedelta(minutes=1))
    request_.refresh_from_db()
    assert (request_.status, request_.missing_since) == ("pending", NOW)
    assert found_out(request_) == ["request.missing"]


def test_a_run_that_is_known_again_clears_the_mark_once(request_: ApprovalRequest) -> None:
    note_found(request_id=request_.pk, at=NOW)
    note_missing(request_id=request_.pk, at=NOW)
    note_found(request_id=request_.pk, at=NOW)
    note_found(request_id=request_.pk, at=NOW)
    request_.refresh_from_db()
    assert request_.missing_since is None
    assert found_out(request_) == ["request.missing", "request.found"]


def test_a_run_that_has_ended_takes_its_request_out_of_the_inbox_and_says_why(request_: ApprovalRequest) -> None:
    withdraw_ended(request_id=request_.pk, at=NOW, reason="the run was killed")
    request_.refresh_from_db()
    assert (request_.status, request_.settled_at) == ("withdrawn", NOW)
    event = request_.events.get(code="request.withdrawn")
    assert (event.actor, event.data) == ("courier", {"reason": "the run was killed"})


def test_a_decision_that_was_made_meanwhile_stands(request_: ApprovalRequest, reviewer: User) -> None:
    reject_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, note="no")
    withdraw_ended(request_id=request_.pk, at=NOW, reason="the run has ended")
    request_.refresh_from_db()
    assert request_.status == "rejected"
