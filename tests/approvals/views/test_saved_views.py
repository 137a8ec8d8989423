"""Lists under names."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from approvals.models import AgentService, SavedView
from approvals.services.saved_views import MOST_VIEWS, save_view
from tests.announcing import announce


@pytest.fixture(autouse=True)
def signed_in(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)


def shown(client: Client) -> list[tuple[str, str]]:
    return [(str(view.label), view.count) for view in client.get("/").context["views"]]


def test_a_list_is_kept_under_a_name_with_its_count(client: Client, agent_service: AgentService) -> None:
    announce(agent_service, risk="high")
    answer = client.post("/views/", {"name": "Risky", "query": "risk=high&after=x&sort=deadline", "team": ""})
    assert answer["location"] == "/?risk=high"
    assert shown(client) == [("Risky", "1")]


def test_the_same_name_again_is_the_same_view(client: Client, reviewer: User) -> None:
    for query in ("risk=high", "risk=low"):
        client.post("/views/", {"name": "Risky", "query": query, "team": ""})
    assert [view.query for view in SavedView.objects.filter(owner=reviewer)] == ["risk=low"]


def test_a_view_is_shared_with_a_group_and_seen_by_no_other(
    client: Client, finance: Group, second_reviewer: User, outsider: User
) -> None:
    client.post("/views/", {"name": "Ours", "query": "risk=high", "team": str(finance.pk)})
    client.post("/views/", {"name": "Mine", "query": "risk=low", "team": ""})
    client.force_login(second_reviewer)
    assert shown(client) == [("Ours", "")]
    client.force_login(outsider)
    assert shown(client) == []


def test_nobody_shares_with_a_group_that_is_not_theirs(client: Client, outsider: User) -> None:
    legal = Group.objects.get(name="legal")
    client.post("/views/", {"name": "Theirs", "query": "", "team": str(legal.pk)})
    assert not SavedView.objects.exists()


def test_only_its_owner_removes_a_view(client: Client, finance: Group, reviewer: User, second_reviewer: User) -> None:
    theirs = save_view(owner=second_reviewer, name="Ours", query="risk=high", team=finance)
    assert client.post(f"/views/{theirs.pk}/remove/").status_code == 404
    mine = save_view(owner=reviewer, name="Mine", query="risk=low")
    assert "Remove “Mine”" in client.get("/?risk=low").content.decode()
    assert client.post(f"/views/{mine.pk}/remove/")["location"] == "/?risk=low"
    assert [view.name for view in SavedView.objects.all()] == ["Ours"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_without_a_proper_name_is_refused_and_the_list_stays(client: Client, name: str) -> None:
    answer = client.post("/views/", {"name": name, "query": "risk=high", "team": ""}, follow=True)
    assert answer.redirect_chain[-1][0] == "/?risk=high"
    assert b'class="message error"' in answer.content
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_views_than_can_be_counted(client: Client, reviewer: User) -> None:
    for number in range(MOST_VIEWS):
        save_view(owner=reviewer, name=str(number), query="")
    answer = client.post("/views/", {"name": "one more", "query": "", "team": ""}, follow=True)
    assert f"{MOST_VIEWS} views already" in answer.content.decode()
    assert SavedView.objects.count() == MOST_VIEWS


def test_a_list_that_grows_too_long_when_its_address_is_written_is_refused(client: Client) -> None:
    answer = client.post("/views/", {"name": "long", "query": "agent=" + "가" * 1_900, "team": ""}, follow=True)
    assert "the filters are too long to be kept" in answer.content.decode()
    assert not SavedView.objects.exists()
