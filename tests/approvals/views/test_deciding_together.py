"""Claim, snooze, ask back: by POST, with nothing lost of what was typed."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService, ApprovalRequest, Snooze
from approvals.selectors.people import NAMED
from approvals.services.claim import claim_request
from approvals.services.comment import add_comment
from approvals.services.decide import approve_request
from approvals.services.snooze import snooze_request
from tests.announcing import announce


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service, deadline_seconds=3 * 86_400)


def words(client: Client, user: User, request: ApprovalRequest, path: str = "") -> str:
    client.force_login(user)
    response = client.get(f"/requests/{request.pk}/{path}")
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def post(client: Client, user: User, request: ApprovalRequest, verb: str, **data: str) -> tuple[int, str]:
    client.force_login(user)
    response = client.post(f"/requests/{request.pk}/{verb}/", data)
    return response.status_code, response.content.decode()


class TestClaiming:
    def test_others_see_who_takes_care_of_it_and_are_offered_to_take_over(
        self, client: Client, reviewer: User, second_reviewer: User, requester: User, request_: ApprovalRequest
    ) -> None:
        assert post(client, reviewer, request_, "claim")[0] == 302
        assert "You take care of this since" in words(client, reviewer, request_)
        shown = words(client, second_reviewer, request_)
        assert "Rea Viewer takes care of this since" in shown
        assert "Take it over" in shown
        shown = words(client, requester, request_)
        assert "Rea Viewer takes care of this since" in shown
        assert "Take it over" not in shown

    def test_releasing_takes_the_line_away(self, client: Client, reviewer: User, request_: ApprovalRequest) -> None:
        post(client, reviewer, request_, "claim")
        assert post(client, reviewer, request_, "release")[0] == 302
        assert "care of this since" not in words(client, reviewer, request_)

    def test_what_was_typed_for_a_decision_stays_although_there_is_no_script(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        typed = {"note": "half a note", "comment": "half a comment", "editing": "1", "edit-claim.amount": "1500"}
        status, shown = post(client, reviewer, request_, "claim", **typed)
        assert status == 200
        for part in ("half a note", "half a comment", 'value="1500"', "You take care of this"):
            assert part in shown

    def test_who_may_not_decide_may_not_claim(
        self, client: Client, requester: User, outsider: User, request_: ApprovalRequest
    ) -> None:
        status, shown = post(client, requester, request_, "claim")
        assert status == 403
        assert "somebody else has to decide it" in shown
        assert post(client, outsider, request_, "claim")[0] == 404

    def test_a_settled_request_can_not_be_claimed(
        self, client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
    ) -> None:
        approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
        status, shown = post(client, second_reviewer, request_, "claim", note="mine")
        assert status == 409
        assert "The request waits no longer" in shown
        assert "mine" in shown


class TestSnoozing:
    def test_a_choice_hides_it_and_waking_brings_it_back(
        self, client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
    ) -> None:
        assert post(client, reviewer, request_, "snooze", until="hour")[0] == 302
        left = Snooze.objects.get().until - timezone.now()
        assert timedelta(minutes=59) < left < timedelta(minutes=61)
        assert "Snoozed for you until" in words(client, reviewer, request_)
        assert "Snoozed for you" not in words(client, second_reviewer, request_)
        assert post(client, reviewer, request_, "wake")[0] == 302
        assert not Snooze.objects.exists()

    def test_a_time_of_ones_own_past_the_deadline_is_cut_and_the_page_says_so(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        typed = (timezone.localtime() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
        assert post(client, reviewer, request_, "snooze", until="at", at=typed)[0] == 302
        assert request_.deadline_at is not None
        assert Snooze.objects.get().until == request_.deadline_at - timedelta(hours=4)
        assert "The deadline is near by then" in words(client, reviewer, request_)

    @pytest.mark.parametrize("at", ["", "nonsense", "2020-01-01T09:00", "9999-12-31T23:59", "0001-01-01T00:00"])
    def test_a_time_that_makes_no_sense_is_refused_and_nothing_is_lost(
        self, client: Client, reviewer: User, request_: ApprovalRequest, at: str
    ) -> None:
        status, shown = post(client, reviewer, request_, "snooze", until="at", at=at, note="kept")
        assert status == 422
        assert "kept" in shown
        assert not Snooze.objects.exists()

    def test_a_snooze_that_is_over_is_not_shown(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        soon = timezone.now() + timedelta(hours=1)
        snooze_request(request_id=request_.pk, user=reviewer, until=soon, near=timedelta(hours=4))
        Snooze.objects.update(until=timezone.now() - timedelta(seconds=1))
        assert "Snoozed for you" not in words(client, reviewer, request_)

    def test_to_an_outsider_there_is_nothing_to_snooze(
        self, client: Client, outsider: User, request_: ApprovalRequest
    ) -> None:
        assert post(client, outsider, request_, "snooze", until="hour")[0] == 404
        assert post(client, outsider, request_, "wake")[0] == 404


class TestTheThread:
    def test_the_requester_reads_the_question_and_answers_without_deciding(
        self, client: Client, reviewer: User, requester: User, request_: ApprovalRequest
    ) -> None:
        assert post(client, reviewer, request_, "comment", comment="Which city?", addressee="requester")[0] == 302
        shown = words(client, requester, request_)
        assert "Rea Viewer asks you something." in shown
        assert "Waits for your answer" in shown
        assert post(client, requester, request_, "comment", comment="Lisbon.")[0] == 302
        shown = words(client, reviewer, request_)
        assert "Lisbon." in shown
        assert "Waits for" not in shown.split("Among people")[1].split("Run")[0]

    def test_the_person_behind_the_run_is_offered_first_and_oneself_never(
        self, client: Client, reviewer: User, second_reviewer: User, requester: User, request_: ApprovalRequest
    ) -> None:
        client.force_login(reviewer)
        offered = client.get(f"/requests/{request_.pk}/").context["people_to_ask"]
        assert offered == [requester, second_reviewer]

    def test_a_refused_comment_and_the_note_beside_it_are_kept(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        typed = {"comment": "a question", "addressee": "nobody", "note": "a note"}
        status, shown = post(client, reviewer, request_, "comment", **typed)
        assert status == 422
        for part in ("can&#x27;t see the request", "a question", "a note"):
            assert part in shown
        assert "Nothing was decided" not in shown

    def test_what_was_sent_is_not_offered_again_but_the_note_is(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        status, shown = post(client, reviewer, request_, "comment", comment="said", note="a note")
        assert status == 200
        assert ">a note</textarea>" in shown
        assert ">said</textarea>" not in shown

    def test_peoples_words_are_no_markup_either(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        post(client, reviewer, request_, "comment", comment="<script>alert(1)</script>\u202e")
        client.force_login(reviewer)
        shown = client.get(f"/requests/{request_.pk}/").content.decode()
        assert "<script>alert" not in shown
        assert "\u202e" not in shown

    def test_after_the_decision_it_can_be_read_and_not_written(
        self, client: Client, reviewer: User, request_: ApprovalRequest
    ) -> None:
        post(client, reviewer, request_, "comment", comment="looks fine")
        approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
        client.force_login(reviewer)
        shown = client.get(f"/requests/{request_.pk}/").content.decode()
        assert "looks fine" in shown
        assert 'name="comment"' not in shown

    def test_to_an_outsider_there_is_no_thread(self, client: Client, outsider: User, request_: ApprovalRequest) -> None:
        assert post(client, outsider, request_, "comment", comment="hello")[0] == 404


class TestAChangeWhileReading:
    def test_the_decision_is_refused_once_says_what_changed_and_counts_then(
        self, client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
    ) -> None:
        client.force_login(reviewer)
        version = client.get(f"/requests/{request_.pk}/").context["version"]
        claim_request(request_id=request_.pk, reviewer=second_reviewer)
        for text in ("wait", "really"):
            add_comment(request_id=request_.pk, author=second_reviewer, text=text)
        form = {"seen": request_.digest, "note": "every word"}
        refused = client.post(f"/requests/{request_.pk}/approve/", form | {"version": version})
        shown = refused.content.decode()
        assert refused.status_code == 409
        assert "second-reviewer claimed this just now. There are 2 new comments." in shown
        assert ">every word</textarea>" in shown
        again = client.post(f"/requests/{request_.pk}/approve/", form | {"version": refused.context["version"]})
        assert again.status_code == 302
        request_.refresh_from_db()
        assert request_.status == "approved"

    def test_the_live_answer_brings_the_change_and_the_version_together(
        self, client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
    ) -> None:
        client.force_login(reviewer)
        version = client.get(f"/requests/{request_.pk}/").context["version"]
        claim_request(request_id=request_.pk, reviewer=second_reviewer)
        live = client.get(f"/requests/{request_.pk}/live/", {"version": version})
        shown = live.content.decode()
        assert "second-reviewer</strong> takes care of this" in shown
        assert f'id="version" name="version" value="{live.context["version"]}"' in shown
        assert 'id="decision"' not in shown, "the panel that somebody types into stays"
        form = {"seen": request_.digest, "version": live.context["version"]}
        assert client.post(f"/requests/{request_.pk}/approve/", form).status_code == 302

    def test_what_others_did_since_the_page_was_opened_stands_beside_the_buttons(
        self, client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
    ) -> None:
        client.force_login(reviewer)
        opened = client.get(f"/requests/{request_.pk}/").context["version"]
        claim_request(request_id=request_.pk, reviewer=second_reviewer)
        add_comment(request_id=request_.pk, author=reviewer, text="My own word")
        add_comment(request_id=request_.pk, author=second_reviewer, text="Wait, please")
        for version in (opened, client.get(f"/requests/{request_.pk}/").context["version"]):
            live = client.get(f"/requests/{request_.pk}/live/", {"version": version, "opened": opened})
            notices = re.search(r'id="notices".*?</div>', live.content.decode(), re.DOTALL)
            assert notices
            assert "second-reviewer claimed this just now." in notices[0]
            assert "There is 1 new comment." in notices[0]
        assert "claimed this" not in client.get(f"/requests/{request_.pk}/").content.decode()

    @pytest.mark.parametrize("version", ["", "nonsense", "-1.x", "9" * 30, "²"])
    def test_a_version_that_makes_no_sense_is_as_good_as_none(
        self, client: Client, reviewer: User, request_: ApprovalRequest, version: str
    ) -> None:
        assert post(client, reviewer, request_, "approve", seen=request_.digest, version=version)[0] == 302

    def test_what_was_typed_stays_on_the_page_that_says_who_was_first(
        self, client: Client, reviewer: User, second_reviewer: User, request_: ApprovalRequest
    ) -> None:
        approve_request(request_id=request_.pk, reviewer=second_reviewer, seen=request_.digest)
        status, shown = post(client, reviewer, request_, "reject", seen=request_.digest, note="my long reason")
        assert status == 409
        assert "What you had written" in shown
        assert "my long reason</textarea>" in shown


class TestHighRisk:
    def test_a_wrong_confirmation_is_marked_and_loses_nothing(
        self, client: Client, reviewer: User, agent_service: AgentService
    ) -> None:
        request = announce(agent_service, risk="high")
        typed = {"seen": request.digest, "confirmation": "reimburs", "note": "kept"}
        status, shown = post(client, reviewer, request, "approve", **typed)
        assert status == 422
        for part in ("Type reimburse to confirm", 'value="reimburs"', 'aria-invalid="true"', "kept"):
            assert part in shown
        typed["confirmation"] = "reimburse"
        assert post(client, reviewer, request, "approve", **typed)[0] == 302

    def test_only_a_high_risk_asks_for_it(self, client: Client, reviewer: User, request_: ApprovalRequest) -> None:
        client.force_login(reviewer)
        assert 'name="confirmation"' not in client.get(f"/requests/{request_.pk}/").content.decode()


class TestSeveralMustApprove:
    def test_the_page_names_who_has_and_who_still_can(
        self, client: Client, reviewer: User, second_reviewer: User, requester: User, agent_service: AgentService
    ) -> None:
        finance = Group.objects.get(name="finance")
        finance.user_set.add(requester, User.objects.create_user("gone", is_active=False))
        request = announce(agent_service, quorum=2)
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
        shown = words(client, second_reviewer, request)
        assert "Rea Viewer approved" in shown
        assert "Who still can approve second-reviewer Who decides" in shown

    def test_many_are_counted_in_one_query(
        self,
        client: Client,
        reviewer: User,
        agent_service: AgentService,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        others = User.objects.bulk_create(User(username=f"colleague-{number:02}") for number in range(30))
        Group.objects.get(name="finance").user_set.add(*others)
        request = announce(agent_service, quorum=2)
        shown = words(client, reviewer, request)
        assert f"and {31 - NAMED} more" in shown
        # One more than where one is enough for the decisions so far, and one for who still can.
        with django_assert_num_queries(23):
            client.get(f"/requests/{request.pk}/")


def test_the_queries_of_a_claim_a_comment_and_a_guarded_decision_are_pinned(
    client: Client,
    reviewer: User,
    requester: User,
    request_: ApprovalRequest,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(reviewer)
    version = client.get(f"/requests/{request_.pk}/").context["version"]
    # Each: session, user, and the test's savepoint, taken and released. The row, the claim, the record.
    with django_assert_num_queries(7):
        client.post(f"/requests/{request_.pk}/claim/")
    # Two for permissions; the row, whether it is seen; the addressee with two for their permissions, and whether they
    # see it; what is answered, the comment, the record.
    with django_assert_num_queries(13):
        client.post(f"/requests/{request_.pk}/comment/", {"comment": "?", "addressee": "requester"})
    # As without a version, and the record since.
    with django_assert_num_queries(11):
        client.post(f"/requests/{request_.pk}/approve/", {"seen": request_.digest, "version": version})
