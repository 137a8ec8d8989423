"""The inbox's list."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService, Presence
from approvals.selectors import searching
from approvals.selectors.paging import PAGE_SIZE
from approvals.services.decide import approve_request, reject_request
from approvals.services.saved_views import save_view
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


def test_what_waits_for_me_is_listed_by_its_deadline_then_by_age(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, title="first, any time")
    announce(agent_service, title="second, any time")
    announce(agent_service, title="within a day", deadline_seconds=86_400)
    announce(agent_service, title="within an hour", deadline_seconds=3_600)
    assert titles(client) == ["within an hour", "within a day", "first, any time", "second, any time"]
    assert titles(client, "?sort=latest")[0] == "within an hour"
    assert titles(client, "?sort=age")[0] == "first, any time"


def test_a_row_says_on_whose_behalf_it_is(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, title="one of two that look alike", requester="somebody")
    assert "for somebody" in client.get("/").content.decode()


def test_an_unknown_filter_is_named_and_left_out(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, title="pending")
    page = client.get("/?queue=nonsense&risk=awful&after=nonsense&selected=x").content.decode()
    assert "pending" in page
    assert "left out: risk, queue" in page


@pytest.mark.parametrize("selected", ["9" * 5_000, "9" * 20, "²", "-1", "1\x00"])
def test_a_selection_that_no_request_could_be_selects_none(client: Client, selected: str) -> None:
    answer = client.get("/", {"selected": selected})
    assert (answer.status_code, answer.context["selected"]) == (200, None)


def test_more_is_a_page_away_and_none_is_shown_twice(client: Client, agent_service: AgentService) -> None:
    for number in range(PAGE_SIZE + 3):
        announce(agent_service, title=f"request {number}")
    page = client.get("/").content.decode()
    (more,) = re.findall(r'href="/(\?[^"]*after=[^"]*)" rel="next"', page)
    assert titles(client, more.replace("&amp;", "&")) == ["request 50", "request 51", "request 52"]
    assert len(titles(client)) == PAGE_SIZE
    assert client.get("/").context["queue"].waiting == PAGE_SIZE + 3
    assert "Back to the beginning" in client.get(f"/{more.replace('&amp;', '&')}").content.decode()


def test_a_request_is_opened_with_the_list_it_was_found_in(client: Client, agent_service: AgentService) -> None:
    request = announce(agent_service, risk="low")
    announce(agent_service, risk="medium")
    page = client.get("/?risk=low").content.decode()
    assert f'href="{request.get_absolute_url()}?risk=low"' in page
    opened = client.get(f"{request.get_absolute_url()}?risk=low")
    assert [row.pk for row in opened.context["queue"].requests] == [request.pk]


def test_the_list_stays_beside_the_request_after_a_decision(client: Client, agent_service: AgentService) -> None:
    request = announce(agent_service, risk="low")
    page = client.get(f"{request.get_absolute_url()}?risk=low").content.decode()
    assert '<input type="hidden" id="list" name="list" value="risk=low" form="decide">' in page
    form = {"seen": request.digest, "list": "risk=low&after=x&next=//elsewhere.example"}
    answer = client.post(f"{request.get_absolute_url()}approve/", form)
    assert answer["location"] == f"{request.get_absolute_url()}?risk=low&after=x"
    refused = client.post(f"{request.get_absolute_url()}reject/", {"list": "queue=decided", "note": "no"})
    assert refused.context["queue"].query.queue == "decided"


def test_a_row_says_who_else_looks(client: Client, agent_service: AgentService, second_reviewer: User) -> None:
    request = announce(agent_service)
    Presence.objects.create(socket="s", request=request, user=second_reviewer, seen_at=timezone.now())
    assert "second-reviewer is looking" in client.get("/").content.decode()


def test_htmx_gets_the_list_alone(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, title="pending")
    page = client.get("/", headers={"hx-request": "true"}).content.decode()
    assert "pending" in page
    assert "<html" not in page


def test_the_filters_offer_what_the_groups_were_ever_asked(
    client: Client, agent_service: AgentService, reviewer: User
) -> None:
    announce(agent_service, agent="claims_agent", tool="reimburse")
    request = announce(agent_service, agent="mail_agent", tool="send", arguments={})
    reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="no")
    menus = {menu.name: [str(choice.label) for choice in menu.choices] for menu in client.get("/").context["menus"]}
    assert menus["agent"] == ["claims_agent", "mail_agent"]
    assert menus["tool"] == ["reimburse", "send"]
    assert "outcome" not in menus
    narrowed = {menu.name: menu for menu in client.get("/?agent=mail_agent").context["menus"]}
    assert [choice.label for choice in narrowed["tool"].choices] == ["send"]


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/", 13), ("/?queue=decided", 13), ("/?q=hotel", 14), ("/?queue=teams&sort=risk&risk=low", 11)],
)
def test_the_number_of_queries_does_not_grow_with_the_list(
    client: Client,
    agent_service: AgentService,
    reviewer: User,
    address: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Or else a search asks once more where there were requests before these.
    monkeypatch.setattr(searching, "_LATEST", 10**9)

    def fill(number: int) -> None:
        for count in range(number):
            request = announce(agent_service)
            announce(agent_service, question())
            if count % 2:
                approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)

    fill(2)
    save_view(owner=reviewer, name="risky", query="risk=high")
    # Session, user; groups, ids, views, rows, counts of queues and of views, tools, who looks, next wake; how the
    # courier saw the engine. A search asks for the latest request first, and two more read permissions where everything
    # could be meant.
    with django_assert_num_queries(queries):
        client.get(address)
    fill(20)
    with django_assert_num_queries(queries):
        client.get(address)
