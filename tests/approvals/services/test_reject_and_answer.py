"""A reviewer rejects, or answers a question."""

import pytest
from django.contrib.auth.models import User

from approvals.errors import AlreadySettled, InvalidInput, NotAuthorised
from approvals.models import AgentService, Delivery
from approvals.services.decide import answer_request, reject_request
from tests.announcing import announce, question


def test_a_rejection_needs_a_reason_and_carries_it(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service)
    with pytest.raises(InvalidInput):
        reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="  ")
    decision = reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="no receipt")
    request.refresh_from_db()
    assert (request.status, decision.note, decision.arguments) == ("rejected", "no receipt", None)
    assert Delivery.objects.filter(request=request).exists()


def test_one_rejection_settles_a_request_that_needs_two_approvals(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, quorum=2)
    reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="no")
    request.refresh_from_db()
    assert request.status == "rejected"


def test_an_outsider_cannot_reject(agent_service: AgentService, reviewer: User, outsider: User) -> None:
    request = announce(agent_service)
    with pytest.raises(NotAuthorised):
        reject_request(request_id=request.pk, reviewer=outsider, seen=request.digest, note="no")


def test_an_answer_settles_a_question(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, question())
    decision = answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, answer="Hanil")
    request.refresh_from_db()
    assert (request.status, decision.answer) == ("answered", "Hanil")


@pytest.mark.parametrize("answer", ["", "  ", "Somebody else"])
def test_an_answer_that_was_not_offered_is_refused(agent_service: AgentService, reviewer: User, answer: str) -> None:
    request = announce(agent_service, question())
    with pytest.raises(InvalidInput):
        answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, answer=answer)
    request.refresh_from_db()
    assert request.is_pending


def test_a_free_question_takes_any_words(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, question(question={"text": "Why?", "choices": []}))
    answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, answer="Because.\nTwo lines.")
    request.refresh_from_db()
    assert request.status == "answered"


def test_a_question_may_be_refused_once(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, question())
    reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="not ours to answer")
    with pytest.raises(AlreadySettled):
        answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, answer="Hanil")
