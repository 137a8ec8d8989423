"""A person decides many requests at a time: those that need nothing but a yes or a no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from approvals.errors import InvalidInput
from approvals.models import AgentService, ApprovalRequest, Decision, Delivery
from approvals.rules.origin import Origin
from approvals.rules.seen import in_short
from approvals.services.announce import announce_request
from approvals.services.claim import claim_request
from approvals.services.comment import add_comment
from approvals.services.decide import approve_request, reject_request
from approvals.services.decide_many import Shown, Verdict, decide_plain
from approvals.services.hold import hold_request
from restate_bridge.contract import Outcome
from restate_bridge.ids import awakeable_id
from tests.announcing import announce, question

WINDOW = timedelta(seconds=8)


def decide(
    reviewer: User, *requests: ApprovalRequest, outcome: Verdict = Outcome.APPROVED, note: str = "seen", **shown: Any
) -> set[int]:
    as_shown = {request.pk: Shown(shown.get("seen", request.digest), shown.get("version")) for request in requests}
    return decide_plain(reviewer=reviewer, shown=as_shown, outcome=outcome, note=note, undo_window=WINDOW)


def newest(request: ApprovalRequest) -> int:
    return request.events.order_by("pk").values_list("pk", flat=True).last() or 0


def kept(request: ApprovalRequest) -> dict[str, Any]:
    """What is kept of a decision on a request, but ids and times."""
    request.refresh_from_db()
    decision, delivery = Decision.objects.get(request=request), Delivery.objects.get(request=request)
    event = request.events.order_by("pk").last()
    assert event is not None
    assert event.data.pop("decision") == str(decision.pk)
    assert delivery.due_at is not None
    assert request.settled_at == event.at == decision.decided_at == delivery.queued_at
    return {
        "request": (request.status, request.claimed_by, request.claimed_at),
        "decision": (decision.reviewer, decision.outcome, decision.arguments, decision.digest, decision.note),
        "settles": (decision.settles, decision.answer, decision.value, decision.taken_back_at, decision.kept_from),
        "delivery": (delivery.state, delivery.due_at - delivery.queued_at, delivery.attempts, delivery.traceparent),
        "event": (event.actor, event.code, event.status_from, event.status_to, event.data),
    }


@pytest.mark.parametrize(
    ("outcome", "alone"), [(Outcome.APPROVED, approve_request), (Outcome.REJECTED, reject_request)]
)
def test_what_is_decided_together_is_kept_as_if_each_had_been_decided_by_itself(
    agent_service: AgentService, reviewer: User, outcome: Verdict, alone: Callable[..., Decision]
) -> None:
    first, second, third = (announce(agent_service) for _ in range(3))
    claim_request(request_id=second.pk, reviewer=reviewer)
    alone(request_id=first.pk, reviewer=reviewer, seen=first.digest, note="seen", undo_window=WINDOW)
    assert decide(reviewer, second, third, outcome=outcome) == {second.pk, third.pk}
    assert kept(first) == kept(second) == kept(third)


def test_a_short_digest_and_the_newest_line_are_enough_to_have_seen_it(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service)
    assert decide(reviewer, request, seen=in_short(request.digest), version=newest(request)) == {request.pk}


class TestWhatIsLeftToTheVerbForOne:
    @pytest.mark.parametrize("more", [{"quorum": 2}, {"risk": "high"}, {"requester": "reviewer"}], ids=str)
    def test_what_needs_more_than_one_word_of_this_person(
        self, agent_service: AgentService, reviewer: User, more: dict[str, Any]
    ) -> None:
        assert not decide(reviewer, announce(agent_service, **more))

    def test_a_question(self, agent_service: AgentService, reviewer: User) -> None:
        wanted = question()
        asked, _ = announce_request(
            agent_service=agent_service, awakeable_id=awakeable_id(wanted.run.invocation_id), announcement=wanted
        )
        assert not decide(reviewer, asked, outcome=Outcome.REJECTED)

    def test_what_was_found_in_the_engine(self, agent_service: AgentService, reviewer: User) -> None:
        request = announce(agent_service)
        ApprovalRequest.objects.update(origin=Origin.FOUND)
        assert not decide(reviewer, request)

    def test_what_somebody_may_not_decide(self, agent_service: AgentService, reviewer: User, outsider: User) -> None:
        assert not decide(outsider, announce(agent_service))

    def test_what_an_operator_holds(self, agent_service: AgentService, reviewer: User, outsider: User) -> None:
        request = announce(agent_service)
        hold_request(request_id=request.pk, operator=outsider, reason="wait")
        assert not decide(reviewer, request)

    def test_what_is_settled_or_gone(self, agent_service: AgentService, reviewer: User, second_reviewer: User) -> None:
        request = announce(agent_service)
        reject_request(request_id=request.pk, reviewer=second_reviewer, seen=request.digest, note="no")
        gone = ApprovalRequest(pk=request.pk + 1, digest="")
        assert not decide(reviewer, request, gone)
        assert Decision.objects.count() == 1

    def test_other_arguments_than_were_seen(self, agent_service: AgentService, reviewer: User) -> None:
        assert not decide(reviewer, announce(agent_service), seen="sha256:" + "0" * 64)

    def test_what_others_have_said_about_since_but_not_what_the_same_person_has(
        self, agent_service: AgentService, reviewer: User, second_reviewer: User
    ) -> None:
        own, others = announce(agent_service), announce(agent_service)
        versions = {request.pk: newest(request) for request in (own, others)}
        add_comment(request_id=own.pk, author=reviewer, text="mine")
        add_comment(request_id=others.pk, author=second_reviewer, text="wait")
        # What is shown of one that came later is newer than all that was said.
        later = announce(agent_service)
        versions[later.pk] = newest(later)
        shown = {request.pk: Shown(request.digest, versions[request.pk]) for request in (own, others, later)}
        decided = decide_plain(
            reviewer=reviewer, shown=shown, outcome=Outcome.APPROVED, note="", undo_window=timedelta()
        )
        assert decided == {own.pk, later.pk}


@pytest.mark.parametrize(
    ("outcome", "note"), [(Outcome.APPROVED, "x" * 4_001), (Outcome.REJECTED, " ")], ids=["too long", "missing"]
)
def test_a_note_that_cannot_be_kept_changes_nothing(
    agent_service: AgentService, reviewer: User, outcome: Verdict, note: str
) -> None:
    request = announce(agent_service)
    with pytest.raises(InvalidInput):
        decide(reviewer, request, outcome=outcome, note=note)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("number", [1, 40])
def test_forty_take_as_many_questions_as_one(
    agent_service: AgentService, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    requests = [announce(agent_service) for _ in range(number)]
    # The test's savepoint, taken and released; the rows, the record since; decisions, requests, record, deliveries.
    with django_assert_num_queries(8):
        assert len(decide(reviewer, *requests, version=10**9)) == number
