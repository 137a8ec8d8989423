"""A reviewer rejects, or answers a question."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from approvals.errors import AlreadySettled, InvalidInput, NotAuthorised
from approvals.models import AgentService, Delivery
from approvals.services.decide import answer_request, reject_request
from restate_bridge.contract import digest_of
from tests.announcing import announce, form_question, question


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


PICKUP: dict[str, Any] = {"address": "Mill Lane 3", "on": "2026-11-23", "parcels": 3}


def test_a_filled_in_form_goes_out_with_the_question_that_it_answers(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, form_question())
    decision = answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, filled=PICKUP)
    request.refresh_from_db()
    assert (request.status, decision.answer) == ("answered", "address: Mill Lane 3\non: 2026-11-23\nparcels: 3")
    assert decision.arguments == {"question": "Where can it be picked up?", "answer": PICKUP}
    assert decision.digest == digest_of(request.tool, decision.arguments)
    assert {**request.arguments}.keys() == {"question"}


@pytest.mark.parametrize(
    "filled", [None, {}, "Mill Lane 3", {**PICKUP, "on": "soon"}, {**PICKUP, "parcels": 0}, {"address": "Mill Lane 3"}]
)
def test_what_does_not_fit_the_form_is_refused(agent_service: AgentService, reviewer: User, filled: Any) -> None:
    request = announce(agent_service, form_question())
    with pytest.raises(InvalidInput):
        answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, filled=filled)
    request.refresh_from_db()
    assert request.is_pending


def test_a_question_may_be_refused_once(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, question())
    reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="not ours to answer")
    with pytest.raises(AlreadySettled):
        answer_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, answer="Hanil")


REASONS = ["No receipt.", "Paid already."]


@pytest.mark.parametrize(
    ("reason", "note", "kept"),
    [
        ("No receipt.", "", "No receipt."),
        ("No receipt.", "Ask the hotel.", "No receipt.\nAsk the hotel."),
        ("No receipt.", "No receipt.", "No receipt."),
        ("No receipt.", "No receipt.\nAsk the hotel.", "No receipt.\nAsk the hotel."),
        ("", "Ask the hotel.", "Ask the hotel."),
    ],
)
def test_an_offered_reason_and_the_note_are_one_reason(
    agent_service: AgentService, reviewer: User, reason: str, note: str, kept: str
) -> None:
    request = announce(agent_service, reject_reasons=REASONS)
    decision = reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, reason=reason, note=note)
    assert decision.note == kept


def test_a_reason_that_was_not_offered_decides_nothing(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, reject_reasons=REASONS)
    with pytest.raises(InvalidInput) as refused:
        reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, reason="I don't like it.")
    assert refused.value.field == "reason"
    assert not request.decisions.exists()
