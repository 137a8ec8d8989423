"""Waits that nobody announced: one decision each, whoever comes when."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from approvals.errors import AlreadySettled, AnnouncedMeanwhile, ContentConflict, InvalidInput, NotAuthorised
from approvals.models import AgentService, ApprovalRequest, Decision
from approvals.rules.found_wait import FoundWait
from approvals.services.announce import announce_request
from approvals.services.decide import approve_request, reject_request, resolve_request
from approvals.services.found import ask_about_wait, reject_wait, resolve_wait
from approvals.services.hold import hold_request
from approvals.services.report import record_invalid_answer
from approvals.services.take_back import take_back_decision
from restate_bridge.contract import InvalidAnswer
from restate_bridge.ids import awakeable_id
from tests.announcing import announcement, invocation_id

RUN = invocation_id()


def wait(run: str = RUN, **overrides: Any) -> FoundWait:
    """A wait as the engine's journal shows it."""
    known: dict[str, Any] = {
        "awakeable_id": awakeable_id(run),
        "invocation_id": run,
        "service": "Desk",
        "handler": "ask",
        "key": "k1",
        "tool": "book_hotel",
        "arguments": {"city": "Paris", "nights": 2},
        "context": [{"author": "Desk", "kind": "message", "text": "I book it."}],
    }
    return FoundWait(**known | overrides)


def codes(request: ApprovalRequest) -> list[str]:
    return [event.code for event in request.events.all()]


@pytest.fixture
def asked(finance: Group) -> ApprovalRequest:
    """A wait that reviewers are asked about."""
    request = ask_about_wait(wait=wait(), groups=[finance])
    assert request is not None
    return request


def test_a_rule_has_reviewers_asked_once(asked: ApprovalRequest, finance: Group) -> None:
    assert ask_about_wait(wait=wait(), groups=[finance]) is None
    assert (asked.title, asked.agent, asked.tool, asked.is_found) == ("Desk: book_hotel", "Desk", "book_hotel", True)
    assert codes(asked) == ["request.discovered"]
    assert [group.name for group in asked.groups.all()] == ["finance"]


def test_reviewers_resolve_it_with_a_value(asked: ApprovalRequest, reviewer: User) -> None:
    decision = resolve_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest, value={"ok": True})
    asked.refresh_from_db()
    assert (asked.status, decision.value, asked.delivery.state) == ("approved", {"ok": True}, "queued")
    assert asked.events.get(code="request.approved").data["value"] == {"ok": True}


def test_reviewers_reject_it_with_a_text(asked: ApprovalRequest, reviewer: User) -> None:
    reject_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest, note="no budget")
    asked.refresh_from_db()
    assert asked.status == "rejected"


def test_it_is_not_approved_without_a_value_and_nothing_announced_is_resolved_with_one(
    asked: ApprovalRequest, reviewer: User, agent_service: AgentService
) -> None:
    with pytest.raises(InvalidInput):
        approve_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest)
    run = invocation_id()
    announced, _ = announce_request(
        agent_service=agent_service, awakeable_id=awakeable_id(run), announcement=announcement(invocation_id=run)
    )
    with pytest.raises(InvalidInput):
        resolve_request(request_id=announced.pk, reviewer=reviewer, seen=announced.digest, value=True)
    assert not Decision.objects.exists()


def test_others_decide_nothing(asked: ApprovalRequest, outsider: User) -> None:
    with pytest.raises(NotAuthorised):
        resolve_request(request_id=asked.pk, reviewer=outsider, seen=asked.digest, value=True)


def test_a_reviewers_second_thought_lets_it_wait_again(asked: ApprovalRequest, reviewer: User) -> None:
    resolve_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest, value=None)
    take_back_decision(request_id=asked.pk, reviewer=reviewer)
    asked.refresh_from_db()
    assert asked.is_pending
    resolve_wait(operator=reviewer, wait=wait(), value=False, reason="they could not decide")
    asked.refresh_from_db()
    assert asked.status == "approved"


def test_an_operator_settles_what_reviewers_are_asked_about_and_they_are_told(
    asked: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    resolve_wait(operator=second_reviewer, wait=wait(), value=1, reason="it hurries")
    with pytest.raises(AlreadySettled):
        resolve_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest, value=2)
    assert Decision.objects.get().value == 1


def test_what_an_operator_holds_nobody_settles(asked: ApprovalRequest, reviewer: User) -> None:
    hold_request(request_id=asked.pk, operator=reviewer, reason="not before the audit")
    with pytest.raises(NotAuthorised):
        resolve_wait(operator=reviewer, wait=wait(), value=1, reason="it hurries")
    with pytest.raises(NotAuthorised):
        resolve_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest, value=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_at_once_one_wins_and_the_other_is_told(requester: User, reviewer: User) -> None:
    def settle(operator: User) -> str:
        try:
            resolve_wait(operator=operator, wait=wait(), value=operator.username, reason="at once")
        except AlreadySettled:
            return "told"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(settle, [requester, reviewer])) == ["told", "won"]
    request = ApprovalRequest.objects.get()
    assert codes(request) == ["request.discovered", "request.approved"]
    assert request.decisions.count() == 1


@pytest.mark.parametrize(
    ("text", "reason"), [(" ", "because"), ("no", " "), ("no", "x" * 4_001), ("a\x00b", "because")]
)
def test_a_rejection_needs_a_text_and_a_reason(reviewer: User, text: str, reason: str) -> None:
    with pytest.raises(InvalidInput):
        reject_wait(operator=reviewer, wait=wait(), text=text, reason=reason)
    assert not ApprovalRequest.objects.exists()


class TestAnAnnouncementThatComesLater:
    def announce(self, agent_service: AgentService, **overrides: Any) -> tuple[ApprovalRequest, bool]:
        return announce_request(
            agent_service=agent_service,
            awakeable_id=awakeable_id(RUN),
            announcement=announcement(invocation_id=RUN, **overrides),
        )

    def test_makes_what_waits_the_agents_own(
        self, asked: ApprovalRequest, agent_service: AgentService, reviewer: User
    ) -> None:
        request, is_new = self.announce(agent_service, title="Reimburse a hotel")
        assert (request.pk, is_new, request.is_found, request.announced_by) == (asked.pk, True, False, agent_service)
        assert self.announce(agent_service, title="Reimburse a hotel") == (request, False)
        assert codes(request) == ["request.discovered", "request.announced"]
        with pytest.raises(AnnouncedMeanwhile):
            resolve_wait(operator=reviewer, wait=wait(), value=1, reason="too late")
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)

    def test_has_it_found_by_what_the_agent_says(self, asked: ApprovalRequest, agent_service: AgentService) -> None:
        request, _ = self.announce(agent_service, title="Reimburse a zeppelin")
        assert "zeppelin" in request.search.words
        assert "' tool reimburse'" in str(request.search.vector)
        assert "' tool book_hotel'" not in str(request.search.vector)

    def test_leaves_what_was_settled_as_it_is_and_lets_the_agent_go_on(
        self, agent_service: AgentService, reviewer: User
    ) -> None:
        resolve_wait(operator=reviewer, wait=wait(), value=1, reason="nobody had announced it")
        request, is_new = self.announce(agent_service)
        assert (is_new, request.status, request.is_found) == (False, "approved", True)
        assert self.announce(agent_service) == (request, False)
        invalid = InvalidAnswer(code="malformed", excerpt="1")
        record_invalid_answer(agent_service=agent_service, awakeable_id=awakeable_id(RUN), invalid_answer=invalid)
        assert codes(request)[-2:] == ["request.announced_late", "decision.invalid"]

    def test_of_another_service_is_refused(self, asked: ApprovalRequest, agent_service: AgentService) -> None:
        self.announce(agent_service)
        other = AgentService.objects.create(name="other", token_hash="other")
        with pytest.raises(ContentConflict):
            self.announce(other)
