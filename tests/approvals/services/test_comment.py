"""People ask each other before they decide."""

import pytest
from django.contrib.auth.models import User

from approvals.errors import AlreadySettled, InvalidInput
from approvals.models import AgentService, ApprovalRequest
from approvals.services.comment import LONGEST_COMMENT, add_comment
from approvals.services.decide import approve_request
from tests.announcing import announce


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def test_a_question_keeps_the_request_pending_and_stands_on_the_record_whole(
    request_: ApprovalRequest, reviewer: User, requester: User
) -> None:
    comment = add_comment(request_id=request_.pk, author=reviewer, text=" Which city? ", addressee="requester")
    request_.refresh_from_db()
    assert request_.is_pending
    assert (comment.addressee, comment.text, comment.answered_at) == (requester, "Which city?", None)
    event = request_.events.get(code="comment.added")
    assert (event.actor, event.data) == ("user:reviewer", {"note": "Which city?", "to": "requester"})


def test_whatever_the_addressee_says_answers_what_was_addressed_to_them_and_nothing_else(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User, requester: User
) -> None:
    to_requester = add_comment(request_id=request_.pk, author=reviewer, text="?", addressee="requester")
    to_other = add_comment(request_id=request_.pk, author=reviewer, text="?", addressee="second-reviewer")
    answer = add_comment(request_id=request_.pk, author=requester, text="Lisbon.")
    to_requester.refresh_from_db()
    to_other.refresh_from_db()
    assert (to_requester.answered_at, to_other.answered_at) == (answer.written_at, None)


def test_an_answer_to_whoever_asked_asks_them_nothing_and_a_question_to_another_does(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User, requester: User
) -> None:
    add_comment(request_id=request_.pk, author=reviewer, text="?", addressee="requester")
    answer = add_comment(request_id=request_.pk, author=requester, text="Lisbon.", addressee="reviewer")
    assert answer.answered_at == answer.written_at
    add_comment(request_id=request_.pk, author=reviewer, text="?", addressee="requester")
    passed_on = add_comment(request_id=request_.pk, author=requester, text="Was it?", addressee="second-reviewer")
    assert passed_on.answered_at is None


@pytest.mark.parametrize("text", ["", " \n ", "x" * (LONGEST_COMMENT + 1), "nul\x00"])
def test_a_text_that_can_not_be_kept_is_refused(request_: ApprovalRequest, reviewer: User, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_comment(request_id=request_.pk, author=reviewer, text=text)
    assert refused.value.field == "comment"
    assert not request_.comments.exists()


@pytest.mark.parametrize("addressee", ["outsider", "nobody", "reviewer", "nul\x00"])
def test_only_somebody_else_who_can_see_it_is_asked(
    request_: ApprovalRequest, reviewer: User, outsider: User, addressee: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_comment(request_id=request_.pk, author=reviewer, text="?", addressee=addressee)
    assert refused.value.field == "addressee"
    assert not request_.comments.exists()


def test_somebody_who_was_deactivated_is_not_asked(request_: ApprovalRequest, reviewer: User, requester: User) -> None:
    requester.is_active = False
    requester.save()
    with pytest.raises(InvalidInput):
        add_comment(request_id=request_.pk, author=reviewer, text="?", addressee="requester")


def test_to_an_outsider_there_is_no_thread(request_: ApprovalRequest, outsider: User) -> None:
    with pytest.raises(ApprovalRequest.DoesNotExist):
        add_comment(request_id=request_.pk, author=outsider, text="hello")


def test_a_settled_request_is_talked_about_no_more(request_: ApprovalRequest, reviewer: User) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    with pytest.raises(AlreadySettled):
        add_comment(request_id=request_.pk, author=reviewer, text="too late")
