"""The page of one request."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from approvals.models import AgentService, ApprovalRequest, Decision, Delivery, Escalation
from approvals.services.decide import approve_request
from approvals.services.reconciling import withdraw_ended
from tests.announcing import announce, announcement, question


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def page(client: Client, user: User, request: ApprovalRequest, query: str = "") -> str:
    client.force_login(user)
    response = client.get(f"/requests/{request.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


class TestWhatWasAskedTogether:
    def test_the_trail_leads_to_it(self, client: Client, agent_service: AgentService, reviewer: User) -> None:
        together = "0123456789abcdef" * 2
        first, second = (announce(agent_service, title=title, together=together) for title in ("One", "Another"))
        address = f"/?queue=all&together={together}"
        assert f'<a href="{address.replace("&", "&amp;")}">asked together</a>' in page(client, reviewer, first)
        listed = client.get(address).content.decode()
        assert all(f'href="/requests/{request.pk}/' in listed for request in (first, second))

    def test_one_alone_leads_nowhere(self, client: Client, reviewer: User, request_: ApprovalRequest) -> None:
        assert "together" not in page(client, reviewer, request_)


class TestWhoMaySee:
    def test_a_member_of_the_group_sees_it(self, client: Client, reviewer: User, request_: ApprovalRequest) -> None:
        assert "Reimburse hotel" in page(client, reviewer, request_)

    def test_the_requester_sees_it_and_cannot_decide(
        self, client: Client, requester: User, request_: ApprovalRequest
    ) -> None:
        shown = page(client, requester, request_)
        assert "somebody else has to decide it" in shown
        assert 'name="seen"' not in shown

    def test_whoever_may_view_all_sees_it_and_cannot_decide(
        self, client: Client, outsider: User, request_: ApprovalRequest
    ) -> None:
        outsider.user_permissions.add(Permission.objects.get(codename="view_approvalrequest"))
        assert 'name="seen"' not in page(client, outsider, request_)

    @pytest.mark.parametrize("path", ["", "live/"])
    def test_to_an_outsider_it_does_not_exist(
        self, client: Client, outsider: User, request_: ApprovalRequest, path: str
    ) -> None:
        client.force_login(outsider)
        assert client.get(f"/requests/{request_.pk}/{path}").status_code == 404
        assert client.get("/requests/99999/").status_code == 404


class TestWhatIsShown:
    def test_facts_and_story_stand_apart(self, client: Client, reviewer: User, request_: ApprovalRequest) -> None:
        shown = page(client, reviewer, request_)
        for part in ("What will run", "reimburse", "1,800", "written by the agent, may be wrong", "above the limit"):
            assert part in shown

    def test_arguments_stand_in_the_order_of_the_tools_author(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        request = announce(agent_service, arguments={"zebra": 1, "apple": 2, "mango": 3}, arguments_schema={})
        request.refresh_from_db()
        assert list(request.arguments) == ["zebra", "apple", "mango"]
        shown = page(client, reviewer, request)
        assert shown.index("zebra") < shown.index("apple") < shown.index("mango")

    def test_the_engine_being_away_takes_nothing_but_the_steps(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        shown = page(client, reviewer, request_)
        assert "Restate can&#x27;t be asked" in shown or "Restate can't be asked" in shown
        assert 'name="seen"' in shown

    def test_editing_shows_a_field_for_each_editable_argument(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        shown = page(client, reviewer, request_, "?edit=1")
        assert 'name="edit-claim.amount"' in shown
        assert 'name="edit-claim.reason"' in shown
        assert 'name="edit-claim.category"' not in shown

    def test_a_settled_request_shows_how_far_its_decision_got_and_offers_none(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
        shown = page(client, reviewer, request_)
        assert "Queued to be sent" in shown
        assert 'name="seen"' not in shown


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "<a href='http://evil.example'>click</a>",
    "http://evil.example",
    "</textarea><script>alert(1)</script>",
    "{% load x %}{{ 1|safe }}",
    "\u202eevil\u202c and zero\u200bwidth",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_agents_words_never_become_markup(
    client: Client, reviewer: User, agent_service: AgentService, text: str
) -> None:
    wanted = announcement(
        title=text[:300],
        reason=text,
        arguments={"value": text, text: 1},
        arguments_schema={},
        context=[{"author": text, "kind": "message", "text": text}, {"author": "a", "kind": "tool_call", "data": text}],
    )
    shown = page(client, reviewer, announce(agent_service, wanted))
    lowered = shown.lower()
    assert "<script>alert" not in lowered
    assert "onerror=alert(1)>" not in lowered.replace("&gt;", "")
    for markup in ("<img src=x", "<a href='http", 'href="javascript', '<a href="http://evil', 'src="http'):
        assert markup not in lowered
    assert "\u202e" not in shown
    assert "\u200b" not in shown


def test_a_questions_words_are_no_markup_either(client: Client, reviewer: User, agent_service: AgentService) -> None:
    asked = {"text": "<script>alert(1)</script>", "choices": ["<b>yes</b>", "no\u202e"]}
    shown = page(client, reviewer, announce(agent_service, question(question=asked)))
    assert "<script>alert" not in shown
    assert "<b>yes" not in shown
    assert "\u202e" not in shown.replace('value="no\u202e"', "")


def test_the_number_of_queries_is_pinned(
    client: Client, reviewer: User, request_: ApprovalRequest, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    client.force_login(reviewer)
    # Session, user, two for permissions; the request, its groups; the list (groups, ids, views, rows, counts, tools,
    # who looks, next wake); the reviewer's membership; the thread, and whom to ask; the record and its decisions; the
    # stages on the way to its deadline; the requests around it; how the courier saw the engine.
    with django_assert_num_queries(21):  # type: ignore[operator]
        client.get(f"/requests/{request_.pk}/")


def test_what_was_decided_leads_to_the_next_of_the_list_in_two_more_queries(
    client: Client,
    reviewer: User,
    request_: ApprovalRequest,
    agent_service: AgentService,
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    following = announce(agent_service, title="The next one")
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    link = f'href="/requests/{following.pk}/?sort=age"'
    assert link in page(client, reviewer, request_, "?sort=age")
    refreshed = client.get(f"/?sort=age&selected={request_.pk}", headers={"hx-request": "true"}).content.decode()
    assert '<p id="next" hx-swap-oob="innerHTML">' in refreshed
    assert link in refreshed
    assert f'id="next-link" href="/requests/{request_.pk}/' not in page(client, reviewer, following)
    # Besides the twelve of the list: where the request stands, and what is behind that, which the page holds.
    with django_assert_num_queries(13):  # type: ignore[operator]
        client.get(f"/?selected={request_.pk}", headers={"hx-request": "true"})


def test_an_edit_field_says_when_its_text_holds_characters_that_hide(
    client: Client, reviewer: User, agent_service: AgentService
) -> None:
    request = announce(agent_service, arguments={"to": "a\u202eb"}, arguments_schema={}, editable=["to"])
    assert "U+202E" in page(client, reviewer, request, "?edit=1")


def test_an_approval_with_changes_says_so(client: Client, reviewer: User, request_: ApprovalRequest) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, edits={"claim.amount": 1})
    assert "Approved with changes" in page(client, reviewer, request_)


def told(text: str) -> str:
    """Return a page's text without its markup, on one line."""
    return " ".join(strip_tags(text).split())


class TestWhatBecameOfARequest:
    def test_a_request_that_was_asked_again_after_a_restart_leads_there_and_back(
        self, client: Client, reviewer: User, request_: ApprovalRequest, agent_service: AgentService
    ) -> None:
        approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
        again = [announce(agent_service), announce(agent_service)]
        ApprovalRequest.objects.filter(pk__in=[request.pk for request in again]).update(restarted_from=request_)
        before = page(client, reviewer, request_)
        for request in again:
            assert f'href="/requests/{request.pk}/"' in before
            assert f"It went on as #{request.pk} when the run was restarted from a step" in told(before)
            after = page(client, reviewer, request)
            assert f"This was asked before as #{request_.pk} (Approved by Rea Viewer)" in told(after)
            assert "may do it again" not in after
        Delivery.objects.update(state="done")
        assert "It was carried out then: approving it again may do it again" in told(page(client, reviewer, again[0]))

    def test_a_link_leads_nowhere_that_the_viewer_may_not_see(
        self, client: Client, reviewer: User, outsider: User, request_: ApprovalRequest, agent_service: AgentService
    ) -> None:
        hidden = announce(agent_service, groups=["legal"])
        ApprovalRequest.objects.filter(pk=hidden.pk).update(restarted_from=request_)
        assert f"/requests/{hidden.pk}/" not in page(client, reviewer, request_)
        ApprovalRequest.objects.filter(pk=hidden.pk).update(restarted_from=None)
        ApprovalRequest.objects.filter(pk=request_.pk).update(restarted_from=hidden, superseded_by=hidden)
        assert f"#{hidden.pk}" not in told(page(client, reviewer, request_))

    def test_a_kept_decision_says_that_the_restarted_run_goes_on_with_it(
        self, client: Client, reviewer: User, request_: ApprovalRequest, agent_service: AgentService
    ) -> None:
        kept = approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
        again = announce(agent_service)
        copy = approve_request(request_id=again.pk, reviewer=reviewer, seen=again.digest)
        Decision.objects.filter(pk=copy.pk).update(kept_from=kept)
        Delivery.objects.filter(decision=copy).update(state="received", received_at=timezone.now())
        shown = told(page(client, reviewer, again))
        assert "Approved by Rea Viewer before the run was restarted" in shown
        assert "Kept by the restarted run" in shown
        assert "Undo" not in shown

    def test_a_run_that_restate_does_not_know_is_said_before_somebody_decides(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        ApprovalRequest.objects.update(missing_since=timezone.now())
        assert "a decision could not reach it" in told(page(client, reviewer, request_))
        assert "Restate does not know the run" in told(client.get("/").content.decode())

    def test_the_stages_on_the_way_to_the_deadline_are_shown_with_their_times(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        for hours, groups in ((4, ["managers"]), (8, [])):
            due_at = request_.announced_at + timedelta(hours=hours)
            Escalation.objects.create(request=request_, due_at=due_at, groups=groups)
        ApprovalRequest.objects.update(reminded_at=timezone.now() - timedelta(minutes=5, seconds=1))
        shown = told(page(client, reviewer, request_))
        assert "After 4 hr: managers may decide too in 3 hr 59 min" in shown
        assert "After 8 hr: a reminder goes to everybody who may decide" in shown
        assert "Reminded 5 min ago" in shown
        assert "reminded 5 min ago" in told(client.get("/").content.decode())

    def test_why_a_request_was_withdrawn_is_said_in_words(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        withdraw_ended(request_id=request_.pk, at=timezone.now(), reason="the run was killed")
        shown = told(page(client, reviewer, request_))
        assert shown.count("The run was killed.") >= 3
        assert "What the agent reported" not in shown

    def test_what_changes_while_somebody_reads_comes_by_itself_and_leaves_their_panel_alone(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        client.force_login(reviewer)
        version = client.get(f"/requests/{request_.pk}/").context["version"]
        ApprovalRequest.objects.update(missing_since=timezone.now())
        live = client.get(f"/requests/{request_.pk}/live/?version={version}").content.decode()
        assert "a decision could not reach it" in told(live)
        assert 'id="decision"' not in live
