"""The page of a request speaks Korean, whatever has happened to it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest
from approvals.services.claim import claim_request
from approvals.services.comment import add_comment
from approvals.services.decide import approve_request, reject_request
from approvals.services.expire import expire_next_request
from approvals.services.snooze import snooze_request
from approvals.services.take_back import take_back_decision
from tests.announcing import announce, question
from tests.translations.korean import in_korean, left_in_english, posted_in_korean

KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "high risk": {"risk": "high", "deadline_seconds": 9_000},
    "quorum": {"quorum": 2, "reject_reasons": ["finance"]},
    "values": {
        "arguments": {
            "due": "2026-04-24T09:30:00Z",
            "rows": [{"finance": 1, "samples": None}, {"finance": ""}] * 40,
            "text": "finance " * 400,
            "flags": [True, False],
            "hidden": "finance\u200b\u0007",
            "link": "https://user@xn--3e0b707e.example/",
            "none": {},
        }
    },
    "none": {"arguments": {}},
}


def held_up(request: ApprovalRequest, reviewer: User, other: User) -> None:
    """Let happen to a pending request whatever can: claims, a thread, a snooze, a decision that is taken back."""
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, undo_window=timedelta(minutes=1))
    take_back_decision(request_id=request.pk, reviewer=reviewer)
    claim_request(request_id=request.pk, reviewer=other)
    claim_request(request_id=request.pk, reviewer=reviewer)
    add_comment(request_id=request.pk, author=other, text="Rea?", addressee="reviewer")
    add_comment(request_id=request.pk, author=other, text="finance")
    snooze_request(request_id=request.pk, user=reviewer, until=timezone.now() + timedelta(hours=1), near=timedelta())


def pages_of(client: Client, request: ApprovalRequest) -> str:
    """Return all there is to read about a request."""
    here = f"/requests/{request.pk}/"
    live = client.get(f"{here}live/", headers={"accept-language": "ko"}).content.decode()
    return in_korean(client, here) + in_korean(client, f"{here}record/") + live


def without_unicode(page: str) -> str:
    """Return a page without a character's name in Unicode, which is English."""
    return page.replace("ZERO WIDTH SPACE", "")


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_waits(
    client: Client, agent_service: AgentService, reviewer: User, second_reviewer: User, kind: str
) -> None:
    earlier, request = announce(agent_service, **KINDS[kind]), announce(agent_service, **KINDS[kind])
    reject_request(request_id=earlier.pk, reviewer=second_reviewer, seen=earlier.digest, note="finance")
    shown = without_unicode(pages_of(client, request))
    assert left_in_english(shown, earlier, request) == []
    editing = without_unicode(in_korean(client, f"/requests/{request.pk}/?edit=1"))
    assert left_in_english(editing, earlier, request) == []


def test_one_that_much_has_happened_to(
    client: Client, agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request = announce(agent_service, deadline_seconds=90_000)
    held_up(request, reviewer, second_reviewer)
    page = pages_of(client, request)
    assert "담당 해제" in page
    assert "지금 보기" in page
    assert left_in_english(page, request) == []


def test_a_question(client: Client, agent_service: AgentService, reviewer: User) -> None:
    asked = [announce(agent_service, question()), announce(agent_service, question(question={"text": "Which one?"}))]
    for request in asked:
        assert left_in_english(pages_of(client, request), *asked) == []
        here = f"/requests/{request.pk}/answer/"
        assert left_in_english(posted_in_korean(client, here, {"answer": ""}), *asked) == []


def test_refusals(client: Client, agent_service: AgentService, reviewer: User, second_reviewer: User) -> None:
    request = announce(agent_service, risk="high")
    here = f"/requests/{request.pk}/"
    seen: dict[str, object] = {"seen": request.digest}
    refused: list[tuple[str, dict[str, object]]] = [
        ("reject/", seen),
        ("approve/", seen),
        ("approve/", {"seen": "other", "confirmation": request.tool}),
        ("comment/", {"comment": ""}),
        ("comment/", {"comment": "finance", "addressee": "nobody"}),
        ("snooze/", {"until": ""}),
        ("snooze/", {"until": "at", "at": "2000-01-01T00:00"}),
        ("undo/", {}),
    ]
    for path, data in refused:
        page = posted_in_korean(client, here + path, data)
        assert 'role="alert" id="problem"' in page, path
        assert left_in_english(page.replace("nobody", ""), request) == [], path
    reject_request(request_id=request.pk, reviewer=second_reviewer, seen=request.digest, note="finance")
    assert left_in_english(posted_in_korean(client, f"{here}reject/", {**seen, "note": "finance"}), request) == []


def test_edits_that_do_not_fit(client: Client, request_: ApprovalRequest) -> None:
    here = f"/requests/{request_.pk}/"
    data: dict[str, object] = {"seen": request_.digest, "editing": "1", "edit-claim/amount": "-5"}
    data |= {"edit-claim/reason": "finance", "step": "review"}
    page = posted_in_korean(client, f"{here}edit/", data)
    assert "수정 내용" in page
    assert left_in_english(page, request_) == []
    assert left_in_english(posted_in_korean(client, f"{here}approve/", data), request_) == []


def test_edits_that_are_carried_over(client: Client, agent_service: AgentService, second_reviewer: User) -> None:
    request = announce(agent_service, quorum=2)
    edits = {"claim.amount": 90}
    approve_request(request_id=request.pk, reviewer=second_reviewer, seen=request.digest, edits=edits)
    data: dict[str, object] = {"seen": request.digest, "editing": "1", "edit-claim.amount": "70"}
    page = posted_in_korean(client, f"/requests/{request.pk}/claim/", data | {"edit-claim.reason": "finance"})
    assert "직접 수정한 내용은 그대로" in page
    assert left_in_english(page, request) == []


def test_one_that_is_approved_with_changes(client: Client, reviewer: User, request_: ApprovalRequest) -> None:
    approve_request(
        request_id=request_.pk, reviewer=reviewer, seen=request_.digest, edits={"claim.amount": 900.0}, note="finance"
    )
    page = pages_of(client, request_)
    assert "Rea Viewer 님이 승인함" in page
    assert left_in_english(page, request_) == []


def test_one_that_has_expired(client: Client, agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, deadline_seconds=60)
    expire_next_request(now=timezone.now() + timedelta(hours=1))
    page = pages_of(client, request)
    assert "만료" in page
    assert left_in_english(page, request) == []
