"""The inbox's list."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService
from approvals.selectors.inbox import PAGE_SIZE
from approvals.services.decide import approve_request, reject_request
from tests.announcing import announce, question


@pytest.fixture(autouse=True)
def signed_in(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)


def titles(client: Client, query: str = "") -> list[str]:
    return [row.title for row in client.get(f"/{query}").context["queue"].requests]


def test_an_empty_inbox_explains_itself(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Nothing waits for you" in page
    assert "requires_approval" in page


def test_what_waits_for_me_is_listed_newest_first(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, title="first")
    announce(agent_service, title="second")
    assert titles(client) == ["second", "first"]


def test_what_i_cannot_decide_is_not_for_me(
    client: Client, agent_service: AgentService, reviewer: User, outsider: User
) -> None:
    announce(agent_service, title="another group's", groups=["legal"])
    announce(agent_service, title="my own", requester="reviewer")
    approved = announce(agent_service, title="approved by me, waits for a second", quorum=2)
    approve_request(request_id=approved.pk, reviewer=reviewer, seen=approved.digest)
    announce(agent_service, title="for me")
    assert titles(client) == ["for me"]


def test_an_approval_from_before_an_edit_counts_no_more_and_its_author_is_asked_again(
    client: Client, agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request = announce(agent_service, title="for two", quorum=2)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    assert titles(client) == []
    approve_request(request_id=request.pk, reviewer=second_reviewer, seen=request.digest, edits={"claim.amount": 9})
    (row,) = client.get("/").context["queue"].requests
    assert (row.title, row.approved) == ("for two", 1)


def test_decided_requests_have_a_list_of_their_own(client: Client, agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, title="decided")
    reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="no")
    announce(agent_service, title="pending")
    assert titles(client, "?queue=decided") == ["decided"]


def test_an_unknown_queue_or_page_is_the_first_one(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, title="pending")
    assert titles(client, "?queue=nonsense&older_than=nonsense&selected=x") == ["pending"]


def test_older_requests_are_a_page_away_and_none_is_shown_twice(client: Client, agent_service: AgentService) -> None:
    for number in range(PAGE_SIZE + 3):
        announce(agent_service, title=f"request {number}")
    first = client.get("/").context["queue"]
    older = titles(client, f"?older_than={first.older_than}")
    assert len(first.requests) == PAGE_SIZE
    assert older == ["request 2", "request 1", "request 0"]
    assert first.waiting == PAGE_SIZE + 3


def test_htmx_gets_the_list_alone(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, title="pending")
    page = client.get("/", headers={"hx-request": "true"}).content.decode()
    assert "pending" in page
    assert "<html" not in page


def test_the_number_of_queries_does_not_grow_with_the_list(
    client: Client,
    agent_service: AgentService,
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    for _ in range(3):
        announce(agent_service)
    announce(agent_service, question())
    # Session, user, count, list; how the courier saw the engine.
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get("/")
    for _ in range(30):
        announce(agent_service)
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get("/")
