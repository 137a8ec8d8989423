"""Steps of editing: the page comes again with all that was typed, and nothing is kept."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest, AuditEvent
from approvals.services.decide import approve_request, reject_request
from tests.announcing import announce

SCHEMA = {
    "type": "object",
    "properties": {"tags": {"type": "array", "items": {"type": "string"}}, "n": {"type": "integer", "maximum": 5}},
}


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    arguments = {"tags": ["red"], "n": 1}
    return announce(agent_service, arguments=arguments, arguments_schema=SCHEMA, editable=["tags", "n"], quorum=2)


def post(client: Client, user: User, request: ApprovalRequest, *, htmx: str = "", **data: str) -> tuple[int, str]:
    client.force_login(user)
    fields = {"editing": "1", "seen": request.digest, "edit-tags~is": "set", "edit-tags~rows": "0|1", "edit-n": "1"}
    headers = {"HX-Request": htmx} if htmx else {}
    posted = {**fields, "edit-tags/0": "red", **data}
    response = client.post(f"/requests/{request.pk}/edit/", posted, headers=headers)
    return response.status_code, response.content.decode()


def test_a_row_is_added_to_the_page_and_nothing_in_the_database(
    client: Client, reviewer: User, request_: ApprovalRequest
) -> None:
    before = AuditEvent.objects.count()
    status, page = post(client, reviewer, request_, step="add:tags", note="half a note", **{"edit-n": "99"})
    assert status == 200
    for part in ('name="edit-tags/1"', 'value="99"', "half a note", '<html lang="en"'):
        assert part in page
    assert "Nothing was decided" not in page
    assert (AuditEvent.objects.count(), request_.decisions.count()) == (before, 0)


def test_htmx_gets_the_arguments_alone_and_the_changes_alone(
    client: Client, reviewer: User, request_: ApprovalRequest
) -> None:
    _, what = post(client, reviewer, request_, htmx="true", step="add:tags")
    assert 'id="what"' in what
    assert "<html" not in what
    _, changes = post(client, reviewer, request_, htmx="true", step="preview", **{"edit-tags/0": "blue", "edit-n": "9"})
    assert 'id="what"' not in changes
    assert "<del" in changes
    assert "less than or equal to 5" in changes


def test_a_review_shows_the_changes_and_what_does_not_fit(
    client: Client, reviewer: User, request_: ApprovalRequest
) -> None:
    status, page = post(client, reviewer, request_, step="review", **{"edit-tags/0": "blue", "edit-n": "9"})
    assert status == 200
    assert 'aria-invalid="true"' in page
    assert "blue" in page


def test_to_an_outsider_there_is_nothing_to_edit(client: Client, outsider: User, request_: ApprovalRequest) -> None:
    assert post(client, outsider, request_, step="add:tags")[0] == 404


def test_edits_of_what_somebody_else_changed_meanwhile_are_not_carried_over_silently(
    client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
) -> None:
    approve_request(request_id=request_.pk, reviewer=second_reviewer, seen=request_.digest, edits={"n": 2})
    status, page = post(client, reviewer, request_, step="add:tags")
    assert status == 409
    assert "changed the arguments while you were reading" in page


def test_the_page_shows_what_a_reviewer_changed(
    client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
) -> None:
    approve_request(request_id=request_.pk, reviewer=second_reviewer, seen=request_.digest, edits={"tags": []})
    client.force_login(reviewer)
    page = client.get(f"/requests/{request_.pk}/").content.decode()
    assert "1 change by a reviewer" in page
    assert "Removed" in page


@pytest.mark.parametrize("verb", ["edit", "claim", "approve"])
def test_half_a_character_is_refused_and_shown_as_it_was_typed(
    client: Client, reviewer: User, agent_service: AgentService, verb: str
) -> None:
    request = announce(agent_service, arguments={"a": {"b": 1}}, arguments_schema={"type": "object"}, editable=["a"])
    client.force_login(reviewer)
    data = {"editing": "1", "seen": request.digest, "edit-a": '{"b": "\\ud800"}', "step": "review"}
    page = client.post(f"/requests/{request.pk}/{verb}/", data).content.decode()
    assert "a value can&#x27;t be written exactly as JSON" in page
    assert "{&quot;b&quot;: &quot;\\ud800&quot;}</textarea>" in page


def test_what_nothing_holds_is_not_offered_and_not_taken(
    client: Client, reviewer: User, agent_service: AgentService
) -> None:
    arguments = {"claim": {"booking": None}}
    request = announce(agent_service, arguments=arguments, editable=["claim.booking.project"])
    client.force_login(reviewer)
    page = client.get(f"/requests/{request.pk}/").content.decode()
    assert "?edit=1" not in page
    data = {"editing": "1", "seen": request.digest, "edit-claim.booking.project": "X", "step": "preview"}
    assert client.post(f"/requests/{request.pk}/edit/", data).status_code == 200
    assert client.post(f"/requests/{request.pk}/approve/", data).status_code == 302
    assert request.decisions.get().arguments == arguments


def test_a_pattern_that_backtracks_for_ever_does_not_hold_the_page_up(
    client: Client, reviewer: User, agent_service: AgentService
) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    request = announce(agent_service, arguments={"a": "a"}, arguments_schema=schema, editable=["a"])
    client.force_login(reviewer)
    data = {"editing": "1", "seen": request.digest, "edit-a": "a" * 40_000 + "!"}
    response = client.post(f"/requests/{request.pk}/approve/", data)
    assert response.status_code == 422
    assert "not of the form that it has to be" in response.content.decode()


@pytest.mark.parametrize("step", ["preview", "add:tags"])
def test_htmx_gets_a_notice_beside_the_fields_when_others_were_faster(
    client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest, step: str
) -> None:
    approve_request(request_id=request_.pk, reviewer=second_reviewer, seen=request_.digest, edits={"n": 2})
    status, notice = post(client, reviewer, request_, htmx="true", step=step)
    assert status == 200
    assert "Another reviewer decided while you were editing" in notice
    assert "<html" not in notice
    proposed = request_.decisions.get().digest
    reject_request(request_id=request_.pk, reviewer=reviewer, seen=proposed, reason="", note="no")
    _, notice = post(client, reviewer, request_, htmx="true", step=step)
    assert "The request waits no longer" in notice
    assert "<html" not in notice
