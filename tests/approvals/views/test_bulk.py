"""Deciding many at once, each on its own merits."""

import re
import socket
import time
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client, override_settings
from psycopg.errors import DeadlockDetected

from approvals.engine import admin_for_pages, endings
from approvals.models import AgentService, ApprovalRequest, AuditEvent, Decision
from approvals.rules.seen import in_short
from approvals.services.comment import add_comment
from approvals.services.decide import approve_request
from tests.announcing import announce, question


@pytest.fixture(autouse=True)
def signed_in(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)


def post(client: Client, requests: list[ApprovalRequest], verb: str = "approve", **fields: str) -> str:
    picks = [f"{request.pk}:{request.digest}" for request in requests]
    return client.post("/bulk/", {"pick": picks, "verb": verb, **fields}).content.decode()


def boxes(page: str) -> dict[str, bool]:
    """Return what the boxes on a page stand for, and which of them are ticked."""
    found = re.findall(r'<input class="pick"[^>]*? value="([^"]+)"([^>]*)>', page)
    return {value: " checked" in rest for value, rest in found}


def statuses(*requests: ApprovalRequest) -> list[str]:
    found = ApprovalRequest.objects.in_bulk([request.pk for request in requests])
    return [found[request.pk].status for request in requests]


def test_each_of_the_selected_is_decided_with_a_line_of_its_own_on_the_record(
    client: Client, agent_service: AgentService
) -> None:
    requests = [announce(agent_service, title=f"number {number}") for number in range(3)]
    page = post(client, requests, note="all in order")
    assert statuses(*requests) == ["approved"] * 3
    events = AuditEvent.objects.filter(code="request.approved", actor="user:reviewer")
    assert sorted(event.request_id for event in events) == [request.pk for request in requests]
    assert [event.data["note"] for event in events] == ["all in order"] * 3
    assert "3 requests were approved by you" in page
    assert "What did not go through" not in page


def test_what_does_not_go_through_is_told_with_its_reason_and_holds_nothing_else_up(
    client: Client, agent_service: AgentService, second_reviewer: User
) -> None:
    fine, own = announce(agent_service, title="fine"), announce(agent_service, title="own", requester="reviewer")
    settled, edited = announce(agent_service, title="settled"), announce(agent_service, title="edited", quorum=2)
    approve_request(request_id=settled.pk, reviewer=second_reviewer, seen=settled.digest)
    approve_request(request_id=edited.pk, reviewer=second_reviewer, seen=edited.digest, edits={"claim.amount": 5})
    page = post(client, [own, settled, edited, fine])
    assert statuses(fine, own, edited) == ["approved", "pending", "pending"]
    assert "1 request was approved by you" in page
    for reason in ("started on your behalf", "second-reviewer was first", "changed the arguments"):
        assert reason in page


def test_what_cannot_be_decided_together_is_decided_one_by_one(
    client: Client, agent_service: AgentService, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [announce(agent_service) for _ in range(3)]

    def together(**_: object) -> None:
        raise OperationalError("deadlock detected") from DeadlockDetected()

    monkeypatch.setattr("approvals.views.bulk.decide_plain", together)
    assert "3 requests were approved by you" in post(client, requests)
    assert statuses(*requests) == ["approved"] * 3


@pytest.mark.parametrize(
    "code", ["P0001", "40P01", "55P03", "57014"], ids=["refused", "deadlock", "locked", "too slow"]
)
def test_one_that_the_database_does_not_take_is_told_and_can_be_tried_again(
    client: Client, agent_service: AgentService, code: str
) -> None:
    first, refused, last = requests = [announce(agent_service) for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '{code}'; END$$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON approvals_decision FOR EACH ROW "
            f"WHEN (NEW.request_id = {refused.pk}) EXECUTE FUNCTION refuse()"
        )
    page = post(client, requests)
    assert statuses(first, refused, last) == ["approved", "pending", "approved"]
    assert "2 requests were approved by you" in page
    assert "It could not be kept, so nothing was decided." in page
    assert [*boxes(page)] == [f"{refused.pk}:{refused.digest}@"]


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_high_risk_and_a_question_are_never_decided_in_bulk(
    client: Client, agent_service: AgentService, verb: str
) -> None:
    risky, asked = announce(agent_service, risk="high"), announce(agent_service, question())
    page = post(client, [risky, asked], verb, note="no")
    assert statuses(risky, asked) == ["pending", "pending"]
    assert page.count("needs a decision of its own") == 2
    assert 'name="pick"' not in client.get("/").content.decode()


def test_who_asked_may_not_pick_what_somebody_asks_them_about(
    client: Client, agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    own = announce(agent_service, requester=reviewer.username)
    add_comment(request_id=own.pk, author=second_reviewer, text="Why?", addressee=reviewer.username)
    page = client.get("/").content.decode()
    assert "asks you" in page
    assert 'name="pick"' not in page


def test_what_is_not_theirs_to_see_is_not_named(client: Client, agent_service: AgentService, outsider: User) -> None:
    foreign = announce(agent_service, title="top secret", groups=["legal"])
    page = post(client, [foreign])
    assert statuses(foreign) == ["pending"]
    assert "top secret" not in page
    assert "1 of the selected is not there for you" in page


def test_the_boxes_stand_for_what_was_shown(client: Client, agent_service: AgentService, second_reviewer: User) -> None:
    request = announce(agent_service, quorum=2)
    approved = approve_request(
        request_id=request.pk, reviewer=second_reviewer, seen=request.digest, edits={"claim.amount": 5}
    )
    newest = request.events.latest("pk")
    assert boxes(client.get("/").content.decode()) == {f"{request.pk}:{in_short(approved.digest)}@{newest.pk}": False}


class TestSentAgain:
    def test_what_went_through_the_first_time_is_told_as_that(
        self, client: Client, agent_service: AgentService
    ) -> None:
        settled, waiting = announce(agent_service), announce(agent_service, quorum=2)
        for _ in range(2):
            page = post(client, [settled, waiting])
            assert "2 requests were approved by you" in page
            assert "What did not go through" not in page
        assert Decision.objects.count() == 2

    def test_the_other_decision_is_refused_all_the_same(self, client: Client, agent_service: AgentService) -> None:
        settled, waiting = announce(agent_service), announce(agent_service, quorum=2)
        post(client, [settled, waiting])
        page = post(client, [settled, waiting], "reject", note="no")
        assert "was first" in page
        assert "You have approved this" in page


class TestAChangeSinceTheListWasMade:
    def test_it_is_refused_once_says_what_changed_and_can_be_tried_again(
        self, client: Client, agent_service: AgentService, second_reviewer: User
    ) -> None:
        changed, fine = announce(agent_service, title="changed"), announce(agent_service, title="fine")
        picks = [*boxes(client.get("/").content.decode())]
        add_comment(request_id=changed.pk, author=second_reviewer, text="don't approve")
        page = client.post("/bulk/", {"pick": picks, "verb": "approve", "note": "all fine"}).content.decode()
        assert statuses(changed, fine) == ["pending", "approved"]
        assert "There is 1 new comment. Look again" in page
        assert ">all fine</textarea>" in page
        (again,) = boxes(page)
        assert boxes(page)[again], "it is ticked"
        page = client.post("/bulk/", {"pick": again, "verb": "approve", "note": "all fine"}).content.decode()
        assert statuses(changed) == ["approved"]
        assert "Try it again" not in page

    def test_what_comes_after_the_answer_refuses_it_once_more(
        self, client: Client, agent_service: AgentService, second_reviewer: User
    ) -> None:
        request = announce(agent_service)
        again = [*boxes(client.get("/").content.decode())]
        for text in ("wait", "really"):
            add_comment(request_id=request.pk, author=second_reviewer, text=text)
            page = client.post("/bulk/", {"pick": again, "verb": "approve"}).content.decode()
            assert "There is 1 new comment." in page
            again = [*boxes(page)]
        assert statuses(request) == ["pending"]

    def test_other_arguments_have_to_be_looked_at_first(
        self, client: Client, agent_service: AgentService, second_reviewer: User
    ) -> None:
        request = announce(agent_service, quorum=2)
        approve_request(request_id=request.pk, reviewer=second_reviewer, seen=request.digest, edits={"claim.amount": 5})
        page = post(client, [request])
        assert "changed the arguments" in page
        assert boxes(page) == {}


class TestWhatCanNotBeTriedAtAll:
    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"verb": "reject"}, "Say why: the agents and the record need a reason."),
            ({"verb": "reject", "note": " \n "}, "Say why: the agents and the record need a reason."),
            ({"verb": "approve", "note": "x" * 4_001}, "Write 4000 characters or fewer."),
            ({"verb": "approve", "note": "nul\x00"}, "a character that can&#x27;t be kept"),
            ({"verb": "explode", "note": "why"}, "Choose whether to approve or to reject"),
        ],
    )
    def test_the_list_comes_again_with_what_was_picked_and_written(
        self, client: Client, agent_service: AgentService, fields: dict[str, str], problem: str
    ) -> None:
        picked, other = announce(agent_service, title="picked"), announce(agent_service, title="other")
        answer = client.post("/bulk/", {"pick": f"{picked.pk}:{picked.digest}", "list": "sort=age", **fields})
        page = answer.content.decode()
        assert (answer.status_code, statuses(picked, other)) == (422, ["pending", "pending"])
        assert problem in page
        ticked = {value.partition(":")[0]: on for value, on in boxes(page).items()}
        assert ticked == {str(picked.pk): True, str(other.pk): False}
        assert f">{fields.get('note', '')}</textarea>" in page
        assert 'name="list" value="sort=age"' in page

    @pytest.mark.parametrize("pick", ["", "x", "9" * 40 + ":x", "9" * 5_000, "²:x"])
    def test_nothing_selected_is_said_and_the_list_and_the_note_stay(
        self, client: Client, agent_service: AgentService, pick: str
    ) -> None:
        announce(agent_service, risk="low")
        data = {"pick": pick, "verb": "approve", "note": "half a note", "list": "risk=low"}
        answer = client.post("/bulk/", data)
        page = answer.content.decode()
        assert answer.status_code == 422
        for part in ("Nothing is selected.", ">half a note</textarea>", 'name="list" value="risk=low"'):
            assert part in page

    def test_a_get_such_as_after_signing_in_again_leads_to_the_list(self, client: Client) -> None:
        answer = client.get("/bulk/")
        assert (answer.status_code, answer["location"]) == (302, "/")


@pytest.fixture
def hanging() -> Iterator[str]:
    """The address of an engine that takes questions and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        endings.cache_clear()
        admin_for_pages.cache_clear()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with override_settings(RESTATE_ADMIN_URL=address, RESTATE_INGRESS_URL=address):
            yield address
    endings.cache_clear()
    admin_for_pages.cache_clear()


def test_an_engine_that_hangs_holds_all_of_them_up_once(
    client: Client, agent_service: AgentService, hanging: str
) -> None:
    requests = [announce(agent_service) for _ in range(6)]
    begun = time.monotonic()
    post(client, requests)
    assert statuses(*requests) == ["approved"] * 6
    assert time.monotonic() - begun < 4
