"""Two reviewers edit the same request: neither undoes what the other has changed without meaning to."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest, Decision
from approvals.services.decide import approve_request, reject_request
from approvals.services.guards import lock_for
from approvals.services.take_back import take_back_decision
from tests.announcing import announce
from tests.house.forms import edits_in

KEPT = "What you changed yourself is kept"


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service, quorum=2)


class Editor:
    """A reviewer with the fields open."""

    def __init__(self, client: Client, user: User, request: ApprovalRequest) -> None:
        client.force_login(user)
        self._client, self._path, self.page = client, f"/requests/{request.pk}/", ""
        self._show(client.get(f"{self._path}?edit=1"))

    def _show(self, answer: Any) -> int:
        if answer.status_code != 302:
            self.page = answer.content.decode()
            hidden = re.findall(r'name="(seen|version)" value="([^"]*)"', self.page)
            self.fields = {**edits_in(self.page), **dict(hidden)}
        status: int = answer.status_code
        return status

    def type(self, **values: str) -> None:
        self.fields |= {f"edit-claim.{name}": value for name, value in values.items()}

    def post(self, verb: str, **more: str) -> int:
        return self._show(self._client.post(f"{self._path}{verb}/", self.fields | more))


@pytest.fixture
def editor(client: Client, reviewer: User, request_: ApprovalRequest) -> Editor:
    return Editor(client, reviewer, request_)


def edit(request: ApprovalRequest, user: User, **edits: Any) -> Decision:
    named = {f"claim.{name}": value for name, value in edits.items()}
    return approve_request(request_id=request.pk, reviewer=user, seen=request.digest, edits=named)


def claim_approved_by(user: User) -> dict[str, Any]:
    arguments = Decision.objects.get(reviewer=user).arguments
    assert arguments is not None
    claim: dict[str, Any] = arguments["claim"]
    return claim


@pytest.mark.parametrize(
    ("verb", "status", "more"),
    [
        ("claim", 200, {}),
        ("comment", 200, {"comment": "hm"}),
        ("comment", 422, {"comment": "hm", "addressee": "nobody"}),
        ("reject", 422, {}),
        ("reject", 409, {"note": "no"}),
        ("edit", 409, {"step": "review"}),
        ("approve", 409, {}),
    ],
)
def test_what_another_changed_stays_changed_whatever_is_pressed_first(
    editor: Editor,
    request_: ApprovalRequest,
    reviewer: User,
    second_reviewer: User,
    verb: str,
    status: int,
    more: dict[str, str],
) -> None:
    edit(request_, second_reviewer, amount=90)
    editor.type(reason="Business trip")
    assert editor.post(verb, **more) == status
    assert KEPT in editor.page
    assert editor.post("approve") == 302
    claim = claim_approved_by(reviewer)
    assert (claim["amount"], claim["reason"]) == (90, "Business trip")


def test_what_both_changed_is_as_the_one_typed_it_who_goes_on_and_the_page_says_from_what(
    editor: Editor, request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    edit(request_, second_reviewer, amount=90)
    editor.type(amount="70")
    assert editor.post("claim") == 200
    assert re.search(r"<del[^>]*>90.*?<ins[^>]*>70", editor.page, re.DOTALL)
    assert editor.post("approve") == 302
    assert claim_approved_by(reviewer)["amount"] == 70


def test_what_does_not_fit_is_kept_as_it_was_typed(
    editor: Editor, request_: ApprovalRequest, second_reviewer: User
) -> None:
    edit(request_, second_reviewer, reason="short")
    editor.type(amount="1O")
    assert editor.post("approve") == 409
    assert (editor.fields["edit-claim.amount"], editor.fields["edit-claim.reason"]) == ("1O", "short")
    assert editor.post("approve") == 422


def test_a_page_from_before_an_approval_was_taken_back_is_told_apart_too(
    client: Client, request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    edit(request_, second_reviewer, amount=90)
    editor = Editor(client, reviewer, request_)
    editor.type(reason="Business trip")
    take_back_decision(request_id=request_.pk, reviewer=second_reviewer)
    assert editor.post("approve") == 409
    assert editor.post("approve") == 302
    claim = claim_approved_by(reviewer)
    assert (claim["amount"], claim["reason"]) == (1800, "Business trip")


def test_without_a_change_by_others_nothing_is_said(editor: Editor) -> None:
    editor.type(amount="70")
    assert editor.post("claim") == 200
    assert KEPT not in editor.page
    assert "changed the arguments after you began" not in editor.page
    assert "changed the arguments while you were reading" not in editor.page


def test_edits_are_never_told_from_other_arguments_than_they_are_applied_to(
    editor: Editor,
    request_: ApprovalRequest,
    reviewer: User,
    second_reviewer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The approval that the view has read is taken back before the verb has the lock."""
    edit(request_, second_reviewer, amount=90)
    editor.type(amount="90")
    del editor.fields["version"]

    def taken_back_first(user: User, request_id: int) -> Any:
        take_back_decision(request_id=request_id, reviewer=second_reviewer)
        return lock_for(user, request_id)

    monkeypatch.setattr("approvals.services.decide.lock_for", taken_back_first)
    assert editor.post("approve") == 409
    monkeypatch.undo()
    assert not Decision.objects.filter(reviewer=reviewer).exists()


def test_a_request_that_is_taken_back_meanwhile_is_not_approved_without_the_edits(
    editor: Editor, request_: ApprovalRequest, reviewer: User, second_reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject_request(request_id=request_.pk, reviewer=second_reviewer, seen=request_.digest, note="no")
    editor.type(amount="70")
    del editor.fields["version"]

    def taken_back_first(user: User, request_id: int) -> Any:
        take_back_decision(request_id=request_id, reviewer=second_reviewer)
        return lock_for(user, request_id)

    monkeypatch.setattr("approvals.services.decide.lock_for", taken_back_first)
    assert editor.post("approve") == 409
    assert not Decision.objects.filter(reviewer=reviewer).exists()


def test_an_approval_that_is_sent_again_says_that_it_has_counted(editor: Editor) -> None:
    editor.type(amount="70")
    assert editor.post("approve") == 302
    assert editor.post("approve") == 403
    assert "You have approved this" in editor.page


def test_what_one_has_taken_back_undoes_nobody_elses_changes_when_it_is_offered_again(
    client: Client, agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request = announce(agent_service, quorum=2)
    edit(request, reviewer, reason="Business trip")
    take_back_decision(request_id=request.pk, reviewer=reviewer)
    edit(request, second_reviewer, amount=90)
    client.force_login(reviewer)
    fields = edits_in(client.get(f"/requests/{request.pk}/?again=1").content.decode())
    assert (float(fields["edit-claim.amount"]), fields["edit-claim.reason"]) == (90, "Business trip")
