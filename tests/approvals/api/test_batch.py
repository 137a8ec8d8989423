"""Several calls of an agent service in one: each is answered as if it had come by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import OperationalError
from django.test import Client

from approvals.models import AgentService, ApprovalRequest, AuditEvent, Delivery
from approvals.services.agents import register_agent_service
from approvals.services.announce import announce_request
from approvals.services.decide import approve_request
from restate_bridge.contract import Announcement
from restate_bridge.ids import awakeable_id
from tests.announcing import announce, announcement, question
from tests.conftest import AGENT_TOKEN

pytestmark = pytest.mark.usefixtures("agent_service", "finance")

type Call = dict[str, Any]


def announcing(wanted: Announcement) -> Call:
    return {
        "verb": "announce",
        "awakeable_id": awakeable_id(wanted.run.invocation_id),
        "body": wanted.model_dump(mode="json"),
    }


def acknowledging(request: ApprovalRequest, decision_id: object) -> Call:
    return {"verb": "acknowledge", "awakeable_id": request.awakeable_id, "body": {"decision_id": str(decision_id)}}


def reporting(request: ApprovalRequest, state: str = "done", result: object = None) -> Call:
    return {"verb": "report", "awakeable_id": request.awakeable_id, "body": {"state": state, "result": result}}


@pytest.fixture
def send(client: Client) -> Callable[..., list[tuple[int, Any]]]:
    """Send calls together; return status and body of each."""

    def send(*calls: Call, token: str = AGENT_TOKEN) -> list[tuple[int, Any]]:
        answer = client.post(
            "/api/batch",
            {"calls": calls},
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 200, answer.content
        return [(one["status"], one["body"]) for one in answer.json()["answers"]]

    return send


def kept(request: ApprovalRequest) -> dict[str, Any]:
    """What is kept of a request but its ids and the times."""
    own = {"id", "awakeable_id", "announcement_id", "announced_at", "check_at", "deadline_at", "invocation_id"}
    own |= {"content_digest", "escalates_at"}
    columns = {
        field.attname: getattr(request, field.attname)
        for field in ApprovalRequest._meta.concrete_fields
        if field.attname not in own
    }
    events = [(event.actor, event.code, event.data, event.status_from) for event in request.events.order_by("pk")]
    queues = sorted(request.requestgroup_set.values_list("group_id", "risk_rank", "tool_id", "status"))
    begun = request.announced_at
    stages = [(stage.due_at - begun, stage.groups, stage.remind) for stage in request.escalations.order_by("pk")]
    ahead = request.escalates_at and request.escalates_at - begun
    return columns | {"events": events, "queues": queues, "stages": stages, "ahead": ahead}


class TestAnnouncing:
    def test_many_are_in_the_inbox_as_if_each_had_come_by_itself(self, send: Any, agent_service: AgentService) -> None:
        Group.objects.create(name="legal")
        stages = [{"after_seconds": 60, "groups": ["legal"]}, {"after_seconds": 90, "remind": ["finance"]}]
        alike: list[tuple[dict[str, Any], Callable[..., Announcement]]] = [
            ({}, announcement),
            ({"deadline_seconds": 60}, announcement),
            ({"groups": ["legal", "finance"], "risk": "high"}, announcement),
            ({"groups": []}, question),
            ({"deadline_seconds": 120, "escalations": stages}, announcement),
        ]
        together = send(*(announcing(make(**more)) for more, make in alike))
        assert [status for status, _ in together] == [201] * len(alike)
        for (more, make), (_, receipt) in zip(alike, together, strict=True):
            wanted = make(**more)
            alone, _ = announce_request(
                agent_service=agent_service, awakeable_id=awakeable_id(wanted.run.invocation_id), announcement=wanted
            )
            request = ApprovalRequest.objects.get(pk=receipt["request_id"])
            assert kept(request) == kept(ApprovalRequest.objects.get(pk=alone.pk))
            assert (request.deadline_at is None) == (alone.deadline_at is None)
            assert request.check_at is not None

    def test_what_one_call_gets_wrong_harms_no_other(self, send: Any) -> None:
        nobodys, foreign = announcing(announcement(groups=["nobody"])), announcing(announcement())
        foreign["awakeable_id"] = awakeable_id(announcement().run.invocation_id)
        answers = send(announcing(announcement()), nobodys, foreign, announcing(announcement()))
        assert [status for status, _ in answers] == [201, 422, 422, 201]
        assert answers[1][1] == {"problems": [{"field": "groups", "message": "there is no group called 'nobody'"}]}
        assert answers[2][1]["problems"][0]["field"] == "run.invocation_id"
        assert ApprovalRequest.objects.count() == 2

    def test_what_was_announced_before_and_what_comes_twice_is_there_once(self, send: Any) -> None:
        before, twice = announcing(announcement()), announcing(announcement())
        [(_, first)] = send(before)
        other = twice | {"body": twice["body"] | {"title": "Another title"}}
        answers = send(before, twice, twice, other)
        assert [status for status, _ in answers] == [200, 201, 200, 409]
        assert answers[0][1] == first
        assert answers[1][1] == answers[2][1]
        assert AuditEvent.objects.filter(code="request.announced").count() == 2

    def test_what_is_asked_again_takes_the_place_of_what_was(self, send: Any) -> None:
        old = announcement()
        send(announcing(old))
        again = announcement(supersedes=awakeable_id(old.run.invocation_id), invocation_id=old.run.invocation_id)
        asked_again = announcing(again) | {"awakeable_id": awakeable_id(old.run.invocation_id, 18)}
        assert [status for status, _ in send(asked_again, announcing(announcement()))] == [201, 201]
        assert ApprovalRequest.objects.filter(status="withdrawn").count() == 1

    def test_a_stage_for_nobody_is_refused_beside_one_that_is_taken(self, send: Any) -> None:
        stages = [[{"after_seconds": 9, "groups": [name]}] for name in ("nobody", "finance")]
        calls = [announcing(announcement(escalations=stage)) for stage in stages]
        assert [status for status, _ in send(*calls)] == [422, 201]

    def test_another_services_awakeable_is_a_conflict(self, send: Any) -> None:
        register_agent_service(name="others", token="a-token-of-another-service")
        theirs = announcing(announcement())
        send(theirs, token="a-token-of-another-service")
        assert [status for status, _ in send(theirs, announcing(announcement()))] == [409, 201]

    def test_a_call_that_breaks_the_inbox_costs_no_other_its_answer(
        self, send: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = announcing(announcement(title="Break it"))

        def announce_all(**_: Any) -> None:
            raise OperationalError("deadlock detected")

        def announce_one(*, announcement: Announcement, **more: Any) -> Any:
            if announcement.title == "Break it":
                raise ZeroDivisionError
            return announce_request(announcement=announcement, **more)

        monkeypatch.setattr("approvals.batch.announce_plain", announce_all)
        monkeypatch.setattr("approvals.batch.announce_request", announce_one)
        answers = send(announcing(announcement()), broken, announcing(announcement()))
        assert [status for status, _ in answers] == [201, 500, 201]
        assert ApprovalRequest.objects.count() == 2

    def test_what_there_is_no_time_for_is_sent_again(self, send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("approvals.batch._PATIENCE", -1.0)
        plain, odd = announcing(announcement()), announcing(announcement(groups=["nobody"]))
        assert [status for status, _ in send(plain, odd)] == [201, 503]

    def test_forty_take_as_many_questions_as_one(self, send: Any, django_assert_num_queries: Any) -> None:
        for number in (1, 40):
            with django_assert_num_queries(10):
                answers = send(*(announcing(announcement()) for _ in range(number)))
            assert [status for status, _ in answers] == [201] * number


class TestAfterwards:
    @pytest.fixture
    def decided(self, agent_service: AgentService, reviewer: User) -> list[tuple[ApprovalRequest, object]]:
        requests = [announce(agent_service) for _ in range(3)]
        return [
            (request, approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest).pk)
            for request in requests
        ]

    def test_decisions_that_stand_may_go_and_are_noted_once(self, send: Any, decided: Any) -> None:
        calls = [acknowledging(request, decision) for request, decision in decided]
        for _ in range(2):
            assert send(*calls) == [(200, {"go": True, "reason": ""})] * 3
        assert set(Delivery.objects.values_list("state", flat=True)) == {"received"}
        assert AuditEvent.objects.filter(code="delivery.received").count() == 3

    def test_a_decision_that_nobody_made_does_not_go_beside_others_that_do(self, send: Any, decided: Any) -> None:
        (first, decision), (second, _), _ = decided
        nobodys = acknowledging(second, "00000000-0000-0000-0000-000000000000")
        yes, no = send(acknowledging(first, decision), nobodys)
        assert (yes[1]["go"], no[1]["go"]) == (True, False)
        assert no[1]["reason"]
        assert second.events.filter(code="decision.refused").exists()

    def test_results_are_noted_once_as_done_or_failed(self, send: Any, decided: Any) -> None:
        (first, _), (second, _), (third, _) = decided
        send(*(acknowledging(request, decision) for request, decision in decided[:2]))
        calls = [reporting(first, result={"paid": 1800}), reporting(second, "failed", "no money"), reporting(third)]
        for _ in range(2):
            assert [status for status, _ in send(*calls)] == [204, 204, 409]
        found = Delivery.objects.order_by("pk").values_list("state", "result", "due_at")
        assert list(found)[:2] == [("done", {"paid": 1800}, None), ("failed", "no money", None)]
        told = AuditEvent.objects.filter(code__in=["delivery.done", "delivery.failed"]).order_by("request_id")
        assert [(event.code, event.data) for event in told] == [
            ("delivery.done", {"result": {"paid": 1800}}),
            ("delivery.failed", {"result": "no money"}),
        ]

    def test_another_service_reaches_none_of_it(self, send: Any, decided: Any) -> None:
        register_agent_service(name="others", token="a-token-of-another-service")
        calls = [acknowledging(*decided[0]), reporting(decided[1][0])]
        assert [status for status, _ in send(*calls, token="a-token-of-another-service")] == [404, 404]
        assert not Delivery.objects.exclude(received_at=None).exists()


@pytest.mark.parametrize(
    "calls",
    [
        [],
        [announcing(announcement())] * 51,
        [announcing(announcement()) | {"verb": "decide"}],
        [announcing(announcement()) | {"awakeable_id": "prom_1"}],
    ],
    ids=["none", "too many", "an unknown verb", "no awakeable"],
)
def test_what_is_no_batch_is_refused_whole(client: Client, calls: list[Call]) -> None:
    answer = client.post(
        "/api/batch",
        {"calls": calls},
        content_type="application/json",
        headers={"authorization": f"Bearer {AGENT_TOKEN}"},
    )
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"].startswith("calls")
    assert not ApprovalRequest.objects.exists()
