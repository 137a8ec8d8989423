"""What a decision changed, at its line of the record."""

from typing import Any

from django.contrib.auth.models import User

from approvals.models import AgentService, ApprovalRequest
from approvals.presentation.edits import Edit, record_of
from approvals.selectors.record import every_decision_on
from approvals.selectors.requests import events_of
from approvals.services.decide import approve_request
from approvals.services.take_back import take_back_decision
from tests.announcing import announce


def edits_by_event(request: ApprovalRequest) -> list[tuple[str, list[Edit]]]:
    lines = record_of(request, events_of(request), every_decision_on(request))
    return [(line.event.code, list(line.edits)) for line in lines]


def test_an_edit_stands_at_its_decision_before_and_after_even_when_that_was_taken_back(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service)
    changes: dict[str, Any] = {"claim.amount": 1500.0, "claim.reason": "Trip\u200b"}
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, edits=changes)
    take_back_decision(request_id=request.pk, reviewer=reviewer)
    announced, approved, taken_back = edits_by_event(request)
    assert announced == ("request.announced", [])
    assert approved[0] == "request.approved"
    amount, reason = approved[1]
    assert (amount.path, amount.before, amount.after) == ("claim.amount", "1,800", "1,500")
    assert "U+200B" in reason.after
    assert taken_back == ("decision.taken_back", [])


def test_each_approval_of_a_quorum_shows_its_own_edits(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request = announce(agent_service, quorum=2)
    first = approve_request(
        request_id=request.pk, reviewer=reviewer, seen=request.digest, edits={"claim.amount": 1500.0}
    )
    approve_request(request_id=request.pk, reviewer=second_reviewer, seen=first.digest)
    _, recorded, settled = edits_by_event(request)
    assert [edit.after for edit in recorded[1]] == [edit.after for edit in settled[1]] == ["1,500"]
