"""A case's page: what several runs ask for in one matter, as far as the viewer may see it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest
from approvals.services.decide import approve_request
from tests.announcing import announce, invocation_id

CASE = invocation_id()


def asked(agent_service: AgentService, service: str, **more: Any) -> ApprovalRequest:
    run = {
        "invocation_id": more.pop("invocation_id", None) or invocation_id(),
        "service": service,
        "handler": "ask",
        "key": f"d-17.{service}",
        "case_run": CASE,
        "case_name": "Dispute/d-17",
    }
    return announce(agent_service, invocation_id=run["invocation_id"], run=run, **more)


@pytest.fixture
def case(agent_service: AgentService) -> list[ApprovalRequest]:
    """Two requests that finance decides, and one that only the board does."""
    Group.objects.create(name="board")
    return [
        asked(agent_service, "Evidence", title="Ask for the slip"),
        asked(agent_service, "Dispute", title="Refund it", invocation_id=CASE),
        asked(agent_service, "Fraud", title="Freeze the card", groups=["board"], requester=""),
    ]


def page(client: Client, user: User, run: str = CASE) -> Any:
    client.force_login(user)
    return client.get(f"/cases/{run}/")


def test_it_shows_who_asks_for_what_and_how_far_it_is(
    client: Client, reviewer: User, case: list[ApprovalRequest]
) -> None:
    approve_request(request_id=case[0].pk, reviewer=reviewer, seen=case[0].digest)
    shown = page(client, reviewer).content.decode()
    assert "<h1>Dispute/d-17</h1>" in shown
    assert "1 request waits for a decision." in shown
    assert [f'href="/requests/{one.pk}/"' in shown for one in case] == [True, True, False]
    assert "Approved" in shown
    assert "d-17.Evidence" not in shown


def test_what_others_decide_is_not_told(client: Client, reviewer: User, case: list[ApprovalRequest]) -> None:
    shown = page(client, reviewer).content.decode()
    assert "Freeze the card" not in shown
    assert "Fraud" not in shown


def test_while_restate_is_away_the_requests_are_there_all_the_same(
    client: Client, reviewer: User, case: list[ApprovalRequest]
) -> None:
    shown = page(client, reviewer).content.decode()
    assert "Restate can&#x27;t be reached" in shown or "Restate can't be reached" in shown
    assert "Refund it" in shown


@pytest.mark.parametrize("run", [CASE, invocation_id(), "nonsense", "inv_1'"])
def test_who_may_see_none_of_it_is_told_that_there_is_none(
    client: Client, reviewer: User, outsider: User, case: list[ApprovalRequest], run: str
) -> None:
    assert page(client, outsider, run).status_code == 404


def test_it_is_refreshed_by_itself_alone(client: Client, reviewer: User, case: list[ApprovalRequest]) -> None:
    client.force_login(reviewer)
    answer = client.get(f"/cases/{CASE}/", headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="case"')
    assert "HX-Request" in answer["Vary"]


def test_many_requests_take_no_more_queries_than_few(
    client: Client, reviewer: User, agent_service: AgentService, django_assert_num_queries: Any
) -> None:
    asked(agent_service, "Evidence")
    client.force_login(reviewer)
    client.get(f"/cases/{CASE}/")
    for _ in range(5):
        asked(agent_service, "Evidence")
    with django_assert_num_queries(6):
        client.get(f"/cases/{CASE}/")


def test_a_request_leads_to_its_case_and_its_row_names_it(
    client: Client, reviewer: User, case: list[ApprovalRequest], agent_service: AgentService
) -> None:
    alone = announce(agent_service)
    client.force_login(reviewer)
    assert f'href="/cases/{CASE}/"' in client.get(f"/requests/{case[0].pk}/").content.decode()
    assert "/cases/" not in client.get(f"/requests/{alone.pk}/").content.decode()
    assert client.get("/").content.decode().count("case Dispute/d-17") == 2


def test_names_are_shown_with_what_hides_in_them(client: Client, reviewer: User, agent_service: AgentService) -> None:
    run = {"invocation_id": invocation_id(), "service": "S<b>", "handler": "ask", "case_run": CASE}
    announce(agent_service, invocation_id=run["invocation_id"], run=run | {"case_name": "x<script>\u202ey"})
    shown = page(client, reviewer).content.decode()
    assert "<script>\u202e" not in shown
    assert "U+202E" in shown
