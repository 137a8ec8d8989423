"""The record of one request, on its page and on paper; and what helps to decide, on its page."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest
from approvals.services.decide import approve_request, reject_request
from tests.announcing import announce, announcement
from tests.approvals.views.test_request_page import HOSTILE, page


@pytest.fixture
def edited(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    """A request that was approved with another amount."""
    request = announce(agent_service)
    edits = {"claim.amount": 1500.0}
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, edits=edits, note="receipt checked")
    return request


def told(text: str) -> str:
    """Return a page's text without its markup, on one line, cells and terms apart."""
    return " ".join(re.sub("<[^>]*>", " ", text).split())


def paper(client: Client, user: User, request: ApprovalRequest) -> str:
    client.force_login(user)
    return client.get(f"/requests/{request.pk}/record/").content.decode()


class TestOnPaper:
    def test_it_names_the_request_its_run_its_digests_and_who_printed_it(
        self, client: Client, reviewer: User, edited: ApprovalRequest
    ) -> None:
        shown = paper(client, reviewer, edited)
        assert f"<title>Record of #{edited.pk}: Reimburse hotel: 1,800 USD · Countersign</title>" in shown
        edited.refresh_from_db()
        for part in (edited.invocation_id, edited.awakeable_id, edited.digest, edited.content_digest):
            assert part in shown
        assert re.search(r"Printed \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC ?, by Rea Viewer", told(shown))

    def test_every_event_stands_there_unfolded_with_its_edits(
        self, client: Client, reviewer: User, edited: ApprovalRequest
    ) -> None:
        shown = paper(client, reviewer, edited)
        assert "<details" in shown
        assert re.findall(r"<details(?![^>]* open)", shown) == []
        assert "reviewer approved with changes receipt checked claim.amount before 1,800 → after 1,500" in told(shown)

    def test_all_arguments_are_compared_the_long_ones_whole(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        text = "word " * 400
        request = announce(agent_service, arguments={"text": text, "n": 1}, arguments_schema={}, editable=["n"])
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, edits={"n": 2})
        shown = paper(client, reviewer, request)
        assert text in shown
        assert "Another digest: it was edited." in shown
        assert "agent has not acknowledged the decision" in shown

    def test_the_number_of_queries_is_pinned(
        self, client: Client, reviewer: User, edited: ApprovalRequest, django_assert_num_queries: Any
    ) -> None:
        client.force_login(reviewer)
        # Session, user, two for permissions; the request, its groups; its events, its decisions; how the courier saw
        # the engine.
        with django_assert_num_queries(8):
            client.get(f"/requests/{edited.pk}/record/")

    @pytest.mark.parametrize("text", HOSTILE)
    def test_an_agents_words_never_become_markup(
        self, client: Client, reviewer: User, agent_service: AgentService, text: str
    ) -> None:
        wanted = announcement(title=text, reason=text, arguments={"value": text, text: 1}, arguments_schema={})
        shown = paper(client, reviewer, announce(agent_service, wanted)).lower()
        for markup in ("<script>alert", "<img src=x", "<a href='http", 'href="javascript', "\u202e", "\u200b"):
            assert markup not in shown


class TestOnTheRequestsPage:
    def test_what_changed_is_shown_side_by_side_and_the_rest_is_counted(
        self, client: Client, reviewer: User, edited: ApprovalRequest
    ) -> None:
        shown = page(client, reviewer, edited)
        assert f'href="/requests/{edited.pk}/record/"' in shown
        record = told(shown.partition('id="record"')[2])
        assert "As asked As decided As executed claim.amount 1,800 1,500" in record
        assert "3 arguments stayed as they were asked." in record
        assert "Another digest: it was edited." in record

    def test_earlier_decisions_are_shown_with_their_notes_and_the_same_is_flagged(
        self, client: Client, reviewer: User, agent_service: AgentService, django_assert_num_queries: Any
    ) -> None:
        runs = [{**announcement().run.model_dump(), "key": key, "session_id": key} for key in "ab"]
        earlier = [announce(agent_service, run=run) for run in runs]
        for before in earlier:
            reject_request(request_id=before.pk, reviewer=reviewer, seen=before.digest, note="<b>no\u202e receipt")
        request = announce(agent_service)
        shown = page(client, reviewer, request)
        assert f'href="/requests/{earlier[1].pk}/"' in shown
        text = told(shown)
        assert "Exactly this was rejected before" in text
        assert "In the last 90 days: 2 rejected" in text
        assert "&lt;b&gt;no" in shown
        assert "\u202e" not in shown
        # Two more than a page without earlier decisions.
        with django_assert_num_queries(23):
            client.get(f"/requests/{request.pk}/")

    def test_a_tool_that_was_never_decided_on_says_so(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        text = told(page(client, reviewer, announce(agent_service)))
        assert "Nobody has decided on this tool before" in text
        assert "approved before" not in text

    def test_what_waits_beside_it_comes_with_the_live_parts(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        request, later = announce(agent_service), announce(agent_service, tool="send", arguments={"to": "a"})
        client.force_login(reviewer)
        live = client.get(f"/requests/{request.pk}/live/").content.decode()
        assert 'id="flags" hx-swap-oob="true"' in live
        assert "The session went on meanwhile" in live
        assert "Also waits in this session" in told(live)
        assert f'href="/requests/{later.pk}/"' in live
