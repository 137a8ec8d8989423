"""Pages in Korean speak Korean."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, SavedView
from approvals.services.claim import claim_request
from approvals.services.comment import add_comment
from approvals.services.decide import approve_request, reject_request
from approvals.services.snooze import snooze_request
from tests.announcing import announce, question
from tests.translations.korean import in_korean, left_in_english, posted_in_korean

QUEUES = ["", "?queue=teams", "?queue=snoozed", "?queue=waiting", "?queue=decided", "?queue=all"]


def test_signing_in_and_being_locked_out(db: None) -> None:
    stranger = Client()
    assert left_in_english(in_korean(stranger, "/sign-in/?next=/requests/1/")) == []
    wrong: dict[str, object] = {"username": "x", "password": "y"}
    assert left_in_english(posted_in_korean(stranger, "/sign-in/", wrong)) == []
    AccessAttempt.objects.update(failures_since_start=99)
    locked = posted_in_korean(stranger, "/sign-in/", wrong)
    assert "이 주소에서" in locked
    assert left_in_english(locked) == []


def test_the_page_of_a_run_and_of_nothing(client: Client, request_: ApprovalRequest) -> None:
    assert left_in_english(in_korean(client, f"/runs/{request_.invocation_id}/"), request_) == []
    assert left_in_english(in_korean(client, "/requests/999999/")) == []


def test_the_page_of_health(client: Client, agent_service: AgentService) -> None:
    page = in_korean(client, "/health/")
    assert "상태 점검" in page
    # Programs, commands and settings keep their names, and say things in their own words.
    for name in ("PostgreSQL", "manage.py courier", "RESTATE_INGRESS_URL", "KB"):
        page = page.replace(name, "")
    page = re.sub(r'<p class="code">.*?</p>', "", page)
    assert left_in_english(page) == []


def test_a_page_that_is_for_others(second_reviewer: User) -> None:
    stranger = Client()
    stranger.force_login(second_reviewer)
    page = in_korean(stranger, "/runs/inv_1abc/")
    assert "권한이 없습니다" in page
    assert left_in_english(page) == []


@pytest.mark.parametrize("query", [*QUEUES, "?queue=all&risk=high&age=week&deadline=near&q=%EC%97%86%EC%9D%8C"])
def test_an_empty_queue(client: Client, query: str) -> None:
    assert left_in_english(in_korean(client, f"/{query}")) == []


@pytest.mark.parametrize("query", [*QUEUES, "?queue=all&sort=latest&agent=claims_agent&outcome=pending", "?nonsense=1"])
def test_a_queue_that_holds_something(
    client: Client, agent_service: AgentService, reviewer: User, second_reviewer: User, query: str
) -> None:
    requests = [announce(agent_service, quorum=2) for _ in range(5)]
    requests += [announce(agent_service, question()), announce(agent_service, risk="high", deadline_seconds=9_000)]
    snooze_request(
        request_id=requests[0].pk, user=reviewer, until=timezone.now() + timedelta(hours=3), near=timedelta()
    )
    claim_request(request_id=requests[1].pk, reviewer=second_reviewer)
    add_comment(request_id=requests[2].pk, author=second_reviewer, text="Rea?", addressee="reviewer")
    approve_request(request_id=requests[3].pk, reviewer=reviewer, seen=requests[3].digest)
    reject_request(request_id=requests[4].pk, reviewer=reviewer, seen=requests[4].digest, reason="", note="finance")
    page = in_korean(client, f"/{query}")
    assert left_in_english(page.replace("nonsense", ""), *requests) == []


def test_saving_a_view_and_taking_it_away(client: Client, reviewer: User) -> None:
    saved = posted_in_korean(client, "/views/", {"name": "재무", "query": "queue=all", "team": ""})
    assert left_in_english(saved) == []
    refused = posted_in_korean(client, "/views/", {"name": " ", "query": "queue=all", "team": ""})
    assert left_in_english(refused) == []
    view = SavedView.objects.get(owner=reviewer)
    removed = posted_in_korean(client, f"/views/{view.pk}/remove/", {})
    assert "‘재무’ 보기를 삭제했습니다." in removed
    assert left_in_english(removed) == []


def test_deciding_together(client: Client, agent_service: AgentService, reviewer: User) -> None:
    fine, risky = announce(agent_service), announce(agent_service, risk="high")
    picks = [f"{fine.pk}:{fine.digest}", f"{risky.pk}:{risky.digest}", "999999:sha256:0"]
    for verb in ("reject", "approve"):
        page = posted_in_korean(client, "/bulk/", {"pick": picks, "verb": verb, "note": "finance", "list": ""})
        assert left_in_english(page, fine, risky) == []


def test_deciding_together_what_can_not_be_tried_or_can_be_tried_again(
    client: Client, agent_service: AgentService, second_reviewer: User
) -> None:
    request = announce(agent_service)
    add_comment(request_id=request.pk, author=second_reviewer, text="Rea?")
    pick = f"{request.pk}:{request.digest}@0"
    for verb in ("", "reject", "approve"):
        page = posted_in_korean(client, "/bulk/", {"pick": pick, "verb": verb})
        assert left_in_english(page, request) == []
    assert left_in_english(posted_in_korean(client, "/bulk/", {}), request) == []


def test_the_keys_and_what_the_palette_finds(client: Client, request_: ApprovalRequest) -> None:
    assert left_in_english(in_korean(client, "/keys/")) == []
    found = client.get("/palette/?q=hotel", headers={"accept-language": "ko"}).content.decode()
    assert "대기 중" in found
    assert left_in_english(found, request_) == []
