"""Taking a decision back in the browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.services.travelling import claim_due_deliveries
from tests.announcing import announce, question


@pytest.fixture(autouse=True)
def window() -> Iterator[None]:
    with override_settings(UNDO_WINDOW=timedelta(seconds=5)):
        yield


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


class Reviewing:
    """Somebody at a request's page."""

    def __init__(self, client: Client, user: User, request: ApprovalRequest) -> None:
        client.force_login(user)
        self._client, self._request = client, request

    def post(self, verb: str, **fields: str) -> tuple[int, str]:
        path = f"/requests/{self._request.pk}/{verb}/"
        response = self._client.post(path, {"seen": self._request.digest, **fields})
        return response.status_code, response.headers.get("location", response.content.decode())

    def page(self, query: str = "") -> str:
        return self._client.get(f"/requests/{self._request.pk}/{query}").content.decode()

    def status(self) -> str:
        self._request.refresh_from_db()
        return self._request.status


@pytest.fixture
def reviewing(client: Client, reviewer: User, request_: ApprovalRequest) -> Reviewing:
    return Reviewing(client, reviewer, request_)


def test_the_page_offers_to_undo_until_the_courier_has_it(reviewing: Reviewing) -> None:
    reviewing.post("approve")
    shown = reviewing.page()
    assert "Goes out" in shown
    assert 'data-key="u"' in shown
    claim_due_deliveries(now=timezone.now() + timedelta(seconds=5), at_most=1)
    assert 'data-key="u"' not in reviewing.page()


def test_undo_leads_back_to_the_request_with_the_note_still_filled_in(reviewing: Reviewing) -> None:
    reviewing.post("approve", note="receipt checked")
    status, location = reviewing.post("undo")
    assert (status, reviewing.status()) == (302, "pending")
    assert location.endswith("?again=1")
    shown = reviewing.page("?again=1")
    assert "Taken back" in shown
    assert ">receipt checked</textarea>" in shown
    assert 'name="editing"' not in shown


def test_undo_leads_back_to_the_edits_that_had_been_made(reviewing: Reviewing) -> None:
    edits = {"editing": "1", "edit-claim.amount": "1500", "edit-claim.reason": "Business trip, 5 nights"}
    reviewing.post("approve", **edits)
    reviewing.post("undo")
    shown = reviewing.page("?again=1")
    assert 'name="editing"' in shown
    assert 'value="1500' in shown
    assert reviewing.post("approve", **edits)[0] == 302
    assert reviewing.status() == "approved"


def test_undo_leads_back_to_the_answer_that_was_chosen(
    client: Client, reviewer: User, agent_service: AgentService
) -> None:
    reviewing = Reviewing(client, reviewer, announce(agent_service, question()))
    reviewing.post("answer", answer="Dongbang")
    reviewing.post("undo")
    shown = " ".join(reviewing.page("?again=1").split())
    assert 'value="Dongbang"' in shown
    assert "checked" in shown[shown.index('value="Dongbang"') :][:60]


def test_somebody_elses_words_are_never_filled_in(
    client: Client, reviewing: Reviewing, second_reviewer: User, request_: ApprovalRequest
) -> None:
    reviewing.post("approve", note="mine alone")
    reviewing.post("undo")
    other = Reviewing(client, second_reviewer, request_)
    assert ">mine alone</textarea>" not in other.page("?again=1")


def test_too_late_is_said_in_a_clear_sentence_and_nothing_is_lost(reviewing: Reviewing) -> None:
    reviewing.post("approve")
    claim_due_deliveries(now=timezone.now() + timedelta(seconds=5), at_most=1)
    status, shown = reviewing.post("undo")
    assert status == 409
    assert "It is on its way to the agent and can&#x27;t be taken back" in shown
    assert (reviewing.status(), Delivery.objects.count()) == ("approved", 1)


def test_somebody_elses_decision_is_not_taken_back(
    client: Client, reviewing: Reviewing, second_reviewer: User, request_: ApprovalRequest
) -> None:
    reviewing.post("approve")
    other = Reviewing(client, second_reviewer, request_)
    assert 'data-key="u"' not in other.page()
    status, shown = other.post("undo")
    assert (status, other.status()) == (403, "approved")
    assert "no decision of yours" in shown


def test_undoing_twice_says_that_there_is_nothing_left(reviewing: Reviewing) -> None:
    reviewing.post("approve")
    reviewing.post("undo")
    assert reviewing.post("undo")[0] == 403
    assert reviewing.status() == "pending"


def test_to_an_outsider_there_is_nothing_to_take_back(
    client: Client, reviewing: Reviewing, outsider: User, request_: ApprovalRequest
) -> None:
    reviewing.post("approve")
    assert Reviewing(client, outsider, request_).post("undo")[0] == 404
    assert client.post("/requests/99999/undo/").status_code == 404


def test_an_approval_that_waits_for_another_offers_to_be_taken_back(
    client: Client, reviewer: User, agent_service: AgentService
) -> None:
    reviewing = Reviewing(client, reviewer, announce(agent_service, quorum=2))
    reviewing.post("approve")
    assert "Take my approval back" in reviewing.page()
    assert reviewing.post("undo")[0] == 302
    shown = reviewing.page()
    assert "Take my approval back" not in shown
    assert "took the approval back" in shown
    assert "Nobody has approved yet" in shown


def test_the_list_says_that_a_decision_goes_out_in_a_moment(reviewing: Reviewing, client: Client) -> None:
    reviewing.post("approve")
    assert "goes out in a moment" in client.get("/?queue=decided").content.decode()


def test_an_open_page_gets_another_panel_when_a_decision_is_taken_back_and_made_anew(
    client: Client, reviewer: User, second_reviewer: User, agent_service: AgentService
) -> None:
    request = announce(agent_service, quorum=2)
    first, second = Reviewing(client, reviewer, request), Client()
    first.post("approve")
    second.force_login(second_reviewer)
    before = second.get(f"/requests/{request.pk}/").context["version"]
    first.post("undo")
    third = User.objects.create_user("third")
    third.groups.set(reviewer.groups.all())
    Reviewing(client, third, request).post("approve")
    live = second.get(f"/requests/{request.pk}/live/?version={before}").content.decode()
    assert 'id="decision"' in live
