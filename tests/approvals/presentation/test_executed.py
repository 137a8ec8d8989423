"""The arguments as asked, as decided and as executed."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.presentation.executed import Station, lines_of, stations_of
from approvals.selectors.decisions import settling_decision_of
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.decide import answer_request, approve_request, reject_request
from approvals.services.expire import expire_next_request
from approvals.services.reconciling import withdraw_ended
from approvals.services.report import report_result
from restate_bridge.contract import Acknowledgement, Report
from tests.announcing import announce, announcer_of, question


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def stations(request: ApprovalRequest) -> list[Station]:
    fresh = ApprovalRequest.objects.get(pk=request.pk)
    return stations_of(fresh, settling_decision_of(fresh))


def words(request: ApprovalRequest) -> list[str]:
    return [str(station.words) for station in stations(request)]


def receive(request: ApprovalRequest, reviewer: User, **edits: Any) -> None:
    decision = approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, edits=edits)
    acknowledge_decision(
        agent_service=announcer_of(request),
        awakeable_id=request.awakeable_id,
        acknowledgement=Acknowledgement(decision_id=str(decision.pk)),
    )


def test_a_request_that_waits_was_neither_decided_nor_executed(request_: ApprovalRequest) -> None:
    asked, decided, executed = stations(request_)
    assert asked.digest == request_.digest
    assert asked.words == "The digest was computed again for this page, and fits."
    assert (decided.arguments, executed.arguments) == (None, None)
    assert words(request_)[1:] == ["Nobody has settled it yet.", "Not executed: it waits for a decision."]


def test_a_digest_that_does_not_fit_is_said(request_: ApprovalRequest) -> None:
    ApprovalRequest.objects.update(digest="sha256:0")
    assert words(request_)[0] == "The digest does not fit these arguments."


def test_an_approval_is_executed_only_once_the_agent_has_acknowledged_it(
    request_: ApprovalRequest, reviewer: User
) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    assert words(request_)[1] == "The same digest as asked: nothing was changed."
    assert words(request_)[2] == "Not executed yet: the agent has not acknowledged the decision."
    Delivery.objects.update(state="undeliverable")
    assert words(request_)[2] == "Not executed: the decision could not be delivered."


@pytest.mark.parametrize(("state", "end"), [("done", "reported that it is done."), ("failed", "the run failed.")])
def test_what_was_edited_is_what_was_executed(request_: ApprovalRequest, reviewer: User, state: Any, end: str) -> None:
    receive(request_, reviewer, **{"claim.amount": 1500.0})
    asked, decided, executed = stations(request_)
    assert decided.words == "Another digest: it was edited."
    assert asked.digest != decided.digest == executed.digest
    assert words(request_)[2].endswith("runs the tool.")
    report = Report(state=state)
    report_result(agent_service=announcer_of(request_), awakeable_id=request_.awakeable_id, report=report)
    assert words(request_)[2].endswith(end)
    lines = {line.path: line for line in lines_of(stations(request_))}
    assert [cell.shown for cell in lines["claim.amount"].cells] == ["1,800", "1,500", "1,500"]
    assert {path for path, line in lines.items() if line.changed} == {"claim.amount"}
    assert [cell.same for cell in lines["claim.category"].cells] == [False, True, True]


def test_what_was_rejected_expired_withdrawn_or_answered_was_not_executed(
    agent_service: AgentService, reviewer: User
) -> None:
    rejected = announce(agent_service)
    reject_request(request_id=rejected.pk, reviewer=reviewer, seen=rejected.digest, note="no")
    assert words(rejected)[2] == "Not executed: it was rejected."
    expired = announce(agent_service, deadline_seconds=3_600)
    ApprovalRequest.objects.filter(pk=expired.pk).update(deadline_at=timezone.now())
    expire_next_request(now=timezone.now())
    assert words(expired)[2] == "Not executed: it expired."
    withdrawn = announce(agent_service)
    withdraw_ended(request_id=withdrawn.pk, at=timezone.now(), reason="the run was killed")
    assert words(withdrawn)[2] == "Not executed: it was withdrawn."
    asked = announce(agent_service, question())
    answer_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest, answer="Hanil")
    assert words(asked)[2] == "Nothing to execute: the agent was to go on with the answer."


def test_hidden_characters_and_long_values_are_shown_as_such(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, arguments={"to": "a\u202eb", "text": "x" * 700, "empty": ""})
    to, text, empty = (line.cells[0] for line in lines_of(stations(request)))
    assert "U+202E" in to.shown
    assert (text.is_long, text.length, empty.length) == (True, 700, 0)
