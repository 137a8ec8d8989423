"""A question that is answered by filling in fields."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest
from approvals.services.decide import reject_request
from tests.announcing import announce, form_question
from tests.house.forms import edits_in

FILLED = {"edit-answer/address": "Mill Lane 3", "edit-answer/on": "2026-11-23"}


@pytest.fixture
def asked(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service, form_question())


def page_of(client: Client, user: User, request: ApprovalRequest) -> str:
    client.force_login(user)
    return client.get(f"/requests/{request.pk}/").content.decode()


def send(client: Client, request: ApprovalRequest, fields: dict[str, str], verb: str = "answer") -> Any:
    return client.post(f"/requests/{request.pk}/{verb}/", {"seen": request.digest, **fields})


def test_the_page_holds_the_fields_and_what_they_begin_with(
    client: Client, reviewer: User, asked: ApprovalRequest
) -> None:
    page = page_of(client, reviewer, asked)
    assert edits_in(page)["edit-answer/parcels"] == "2"
    assert {"edit-answer/address", "edit-answer/on"} <= edits_in(page).keys()
    assert "Street and number" in page
    assert "Send answer" in page
    assert 'name="answer"' not in page


def test_what_is_filled_in_is_the_answer(client: Client, reviewer: User, asked: ApprovalRequest) -> None:
    fields = edits_in(page_of(client, reviewer, asked)) | FILLED
    assert send(client, asked, fields).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "answered"
    decision = asked.decisions.get()
    assert decision.arguments["answer"] == {"address": "Mill Lane 3", "on": "2026-11-23", "parcels": 2}
    page = page_of(client, reviewer, asked)
    assert "What was answered" in page
    assert "Mill Lane 3" in page
    assert "the answer was filled in" in page


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_lost(
    client: Client, reviewer: User, asked: ApprovalRequest
) -> None:
    fields = edits_in(page_of(client, reviewer, asked)) | FILLED | {"edit-answer/parcels": "0", "note": "A note"}
    answer = send(client, asked, fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert edits_in(page) | FILLED == edits_in(page)
    assert edits_in(page)["edit-answer/parcels"] == "0"
    assert "A note" in page
    assert "greater than or equal to 1" in page
    assert not asked.decisions.exists()


def test_an_empty_form_answers_nothing(client: Client, reviewer: User, asked: ApprovalRequest) -> None:
    assert send(client, asked, edits_in(page_of(client, reviewer, asked))).status_code == 422
    assert send(client, asked, {"answer": "In words"}).status_code == 422
    asked.refresh_from_db()
    assert asked.is_pending


def test_refusing_needs_a_reason_and_keeps_what_was_filled_in(
    client: Client, reviewer: User, asked: ApprovalRequest
) -> None:
    fields = edits_in(page_of(client, reviewer, asked)) | FILLED
    refused = send(client, asked, fields, "reject")
    assert refused.status_code == 422
    assert edits_in(refused.content.decode()) | FILLED == edits_in(refused.content.decode())
    assert send(client, asked, fields | {"note": "Not ours"}, "reject").status_code == 302
    asked.refresh_from_db()
    assert asked.status == "rejected"


def test_an_answer_that_is_taken_back_is_in_the_fields_again(
    client: Client, reviewer: User, asked: ApprovalRequest
) -> None:
    send(client, asked, edits_in(page_of(client, reviewer, asked)) | FILLED)
    back = client.post(f"/requests/{asked.pk}/undo/", follow=True)
    fields = edits_in(back.content.decode())
    assert fields | FILLED == fields
    assert send(client, asked, fields).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "answered"


def test_what_was_filled_in_is_kept_when_somebody_else_was_first(
    client: Client, reviewer: User, second_reviewer: User, asked: ApprovalRequest
) -> None:
    fields = edits_in(page_of(client, reviewer, asked)) | FILLED
    reject_request(request_id=asked.pk, reviewer=second_reviewer, seen=asked.digest, note="Not ours")
    answer = send(client, asked, fields)
    assert answer.status_code == 409
    assert "address: Mill Lane 3" in answer.content.decode()


def test_a_held_question_says_so_to_who_fills_it_in(client: Client, reviewer: User, asked: ApprovalRequest) -> None:
    fields = edits_in(page_of(client, reviewer, asked))
    asked.held_at, asked.held_by = timezone.now(), "user:operator"
    asked.save()
    live = client.get(f"/requests/{asked.pk}/live/", {**fields, "version": "1.other"}).content.decode()
    assert "An operator holds this request" in live
    assert "What you typed is still here" in live
    assert "Another reviewer decided" not in live


def test_who_may_not_answer_sees_no_fields(client: Client, requester: User, asked: ApprovalRequest) -> None:
    page = page_of(client, requester, asked)
    assert "Where can it be picked up?" in page
    assert not edits_in(page)


def test_a_comment_leaves_the_fields_as_they_begin(client: Client, reviewer: User, asked: ApprovalRequest) -> None:
    client.force_login(reviewer)
    answer = client.post(f"/requests/{asked.pk}/comment/", {"comment": "Who knows?", "note": "Kept"})
    assert edits_in(answer.content.decode())["edit-answer/parcels"] == "2"
