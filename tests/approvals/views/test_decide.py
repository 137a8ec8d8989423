"""Deciding by POST."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest
from approvals.services.decide import approve_request
from tests.announcing import announce, question


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def post(client: Client, user: User, request: ApprovalRequest, verb: str = "approve", **data: str) -> tuple[int, str]:
    client.force_login(user)
    response = client.post(f"/requests/{request.pk}/{verb}/", {"seen": request.digest, **data})
    return response.status_code, response.content.decode()


def status_of(request: ApprovalRequest) -> str:
    request.refresh_from_db()
    return request.status


def test_a_decision_goes_back_to_the_requests_page(client: Client, reviewer: User, request_: ApprovalRequest) -> None:
    client.force_login(reviewer)
    response = client.post(f"/requests/{request_.pk}/approve/", {"seen": request_.digest, "note": " fine "})
    assert response.status_code == 302
    assert response["location"] == f"/requests/{request_.pk}/"
    assert status_of(request_) == "approved"
    assert request_.decisions.get().note == "fine"


def test_whoever_comes_second_gets_409_and_sees_who_decided_what(
    client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    status, shown = post(client, second_reviewer, request_, "reject", note="no")
    assert status == 409
    assert "Rea Viewer was first. The request is approved" in shown


def test_a_decision_that_is_sent_again_since_its_answer_was_lost_has_gone_through_once(
    client: Client, reviewer: User, request_: ApprovalRequest
) -> None:
    assert [post(client, reviewer, request_)[0] for _ in range(2)] == [302, 302]
    assert request_.decisions.count() == 1
    status, shown = post(client, reviewer, request_, "reject", note="no")
    assert (status, status_of(request_)) == (409, "approved")
    assert "was first. The request is approved" in shown


def test_the_requester_gets_403(client: Client, requester: User, request_: ApprovalRequest) -> None:
    status, shown = post(client, requester, request_)
    assert (status, status_of(request_)) == (403, "pending")
    assert "Nothing was decided" in shown


@pytest.mark.parametrize("verb", ["approve", "reject", "answer"])
def test_to_an_outsider_there_is_nothing_to_decide(
    client: Client, outsider: User, request_: ApprovalRequest, verb: str
) -> None:
    status, _ = post(client, outsider, request_, verb, note="n", answer="a")
    assert (status, status_of(request_)) == (404, "pending")


def test_nobody_decides_without_signing_in(client: Client, request_: ApprovalRequest) -> None:
    response = client.post(f"/requests/{request_.pk}/approve/", {"seen": request_.digest})
    assert response["location"].startswith("/sign-in/")
    assert status_of(request_) == "pending"


@pytest.mark.parametrize("verb", ["approve", "reject", "answer", "undo"])
def test_a_get_changes_nothing(client: Client, reviewer: User, request_: ApprovalRequest, verb: str) -> None:
    client.force_login(reviewer)
    response = client.get(f"/requests/{request_.pk}/{verb}/", {"seen": request_.digest, "note": "n"})
    assert response["location"] == f"/requests/{request_.pk}/"
    assert status_of(request_) == "pending"


def test_a_post_from_elsewhere_is_refused(reviewer: User, request_: ApprovalRequest) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reviewer)
    assert strict.post(f"/requests/{request_.pk}/approve/", {"seen": request_.digest}).status_code == 403
    assert status_of(request_) == "pending"


def test_a_page_from_before_somebody_edited_decides_nothing(
    client: Client, reviewer: User, second_reviewer: User, agent_service: AgentService
) -> None:
    request = announce(agent_service, quorum=2)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, edits={"claim.amount": 1})
    status, shown = post(client, second_reviewer, request)
    assert status == 409
    assert "changed the arguments while you were reading" in shown
    assert status_of(request) == "pending"


def test_a_rejection_without_a_reason_keeps_what_was_typed(
    client: Client, reviewer: User, agent_service: AgentService
) -> None:
    request = announce(agent_service, question(question={"text": "Why?", "choices": []}))
    status, shown = post(client, reviewer, request, "reject", answer="half an answer")
    assert status == 422
    assert "half an answer" in shown
    assert status_of(request) == "pending"


class TestEditing:
    def test_only_what_was_changed_counts_as_an_edit(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        fields = {"editing": "1", "edit-claim.amount": "1800", "edit-claim.reason": "Business trip, 5 nights"}
        status, _ = post(client, reviewer, request_, **fields)
        assert status == 302
        assert request_.decisions.get().digest == request_.digest

    @pytest.mark.parametrize(
        ("amount", "problem"),
        [
            ("0", "must be more than 0"),
            ("1000000", "less than or equal to 100000"),
            ("much", "number"),
            ("1.234,56", "number"),
            ("1,234.56", "number"),
            ("", "required"),
        ],
    )
    def test_a_value_that_does_not_fit_is_explained_at_its_field(
        self, client: Client, reviewer: User, request_: ApprovalRequest, amount: str, problem: str
    ) -> None:
        fields = {"editing": "1", "edit-claim.amount": amount, "edit-claim.reason": "a new reason", "note": "mine"}
        status, shown = post(client, reviewer, request_, **fields)
        assert status == 422
        for part in (problem, "a new reason", "mine", "Nothing was decided"):
            assert part in shown
        assert status_of(request_) == "pending"

    def test_untouched_text_of_several_lines_is_no_edit_although_browsers_change_its_line_breaks(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        arguments = {"body": "Dear all,\n\nhello.", "to": "x"}
        schema = {"type": "object", "properties": {"body": {"type": "string"}, "to": {"type": "string"}}}
        request = announce(agent_service, arguments=arguments, arguments_schema=schema, editable=["body", "to"])
        fields = {"editing": "1", "edit-body": "Dear all,\r\n\r\nhello.", "edit-to": "y"}
        assert post(client, reviewer, request, **fields)[0] == 302
        assert request.decisions.get().arguments == {"body": "Dear all,\n\nhello.", "to": "y"}

    def test_an_argument_called_present_is_a_field_like_any_other(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        schema = {"type": "object", "properties": {"present": {"type": "string"}}}
        request = announce(
            agent_service, arguments={"present": "a book"}, arguments_schema=schema, editable=["present"]
        )
        assert post(client, reviewer, request, **{"editing": "1", "edit-present": "a pen"})[0] == 302
        assert request.decisions.get().arguments == {"present": "a pen"}

    def test_editing_one_argument_leaves_a_null_one_alone(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        optional = {kind: {"type": [kind, "null"]} for kind in ("string", "integer", "boolean")}
        schema = {"type": "object", "properties": {"to": {"type": "string"}, **optional}}
        arguments = {"to": "x", "string": None, "integer": None, "boolean": None}
        request = announce(agent_service, arguments=arguments, arguments_schema=schema, editable=list(arguments))
        fields = {"edit-string": "", "edit-integer": "", "edit-boolean": "", "edit-to": "y"}
        assert post(client, reviewer, request, editing="1", **fields)[0] == 302
        assert request.decisions.get().arguments == {**arguments, "to": "y"}

    def test_a_schema_that_makes_no_sense_never_breaks_the_page(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        schema = {"properties": {"a": {"$ref": "#/properties/a"}, "b": {"type": "string", "maxLength": "9"}}}
        arguments = {"a": 1, "b": "x"}
        request = announce(agent_service, arguments=arguments, arguments_schema=schema, editable=["a", "b"])
        client.force_login(reviewer)
        page = client.get(f"/requests/{request.pk}/?edit=1").content.decode()
        assert 'name="editing"' in page
        status, shown = post(client, reviewer, request, **{"editing": "1", "edit-a": "2", "edit-b": "x"})
        assert (status, status_of(request)) == (422, "pending")
        assert "schema can&#x27;t be checked" in shown

    def test_a_number_that_json_cannot_carry_is_refused(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        request = announce(agent_service, arguments={"n": 1}, arguments_schema={}, editable=["n"])
        status, shown = post(client, reviewer, request, **{"editing": "1", "edit-n": str(10**30)})
        assert status == 422
        assert "exactly as JSON" in shown

    def test_a_field_that_is_not_editable_is_ignored_however_it_is_posted(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        fields = {
            "editing": "1",
            "edit-claim.amount": "1500",
            "edit-claim.reason": "x",
            "edit-claim.category": "travel",
        }
        assert post(client, reviewer, request_, **fields)[0] == 302
        final = request_.decisions.get().arguments
        assert final is not None
        assert (final["claim"]["amount"], final["claim"]["category"]) == (1500, "hotel")


def test_the_number_of_queries_of_a_decision_is_pinned(
    client: Client, reviewer: User, request_: ApprovalRequest, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    client.force_login(reviewer)
    # Session, user; which run waits; the row with the reviewer's membership; decision, status, event, delivery; the
    # test's savepoint, taken and released.
    with django_assert_num_queries(10):  # type: ignore[operator]
        client.post(f"/requests/{request_.pk}/approve/", {"seen": request_.digest})
