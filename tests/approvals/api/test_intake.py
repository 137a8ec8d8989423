"""The agents' intake API, over HTTP."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from approvals.models import AgentService, ApprovalRequest, Delivery, StoredFile
from approvals.services.agents import register_agent_service
from approvals.services.decide import approve_request
from restate_bridge.contract import MAX_FILE_BYTES, Announcement, file_digest
from restate_bridge.ids import awakeable_id
from tests.announcing import PICKUP_SCHEMA, announcement, form_question, invocation_id, question
from tests.conftest import AGENT_TOKEN

pytestmark = pytest.mark.usefixtures("agent_service", "finance")


class Agent:
    """Speaks to the intake API as an agent does."""

    def __init__(self, client: Client, token: str = AGENT_TOKEN) -> None:
        self.client, self.headers = client, {"authorization": f"Bearer {token}"}

    def put(self, wanted: Announcement | dict[str, Any], id_: str | None = None) -> HttpResponse:
        body = wanted.model_dump(mode="json") if isinstance(wanted, Announcement) else wanted
        id_ = id_ or awakeable_id(body["run"]["invocation_id"])
        return self.client.put(  # type: ignore[return-value]
            f"/api/requests/{id_}", body, content_type="application/json", headers=self.headers
        )

    def post(self, id_: str, verb: str, body: dict[str, Any]) -> HttpResponse:
        return self.client.post(  # type: ignore[return-value]
            f"/api/requests/{id_}/{verb}", body, content_type="application/json", headers=self.headers
        )


@pytest.fixture
def agent(client: Client) -> Agent:
    return Agent(client)


def problems(response: HttpResponse) -> list[tuple[str, str]]:
    return [(problem["field"], problem["message"]) for problem in response.json()["problems"]]  # type: ignore[attr-defined]


class TestAnnouncingAForm:
    def test_it_is_taken(self, agent: Agent) -> None:
        assert agent.put(form_question()).status_code == 201
        assert ApprovalRequest.objects.get().has_form

    @pytest.mark.parametrize(
        ("more", "wrong"),
        [
            ({"editable": ["question"]}, "of a question it is 'answer' alone"),
            ({"editable": ["answer", "question"]}, "of a question it is 'answer' alone"),
            ({"arguments_schema": {"type": "object"}}, "it does not say what 'answer' is"),
            ({"arguments_schema": PICKUP_SCHEMA | {"properties": []}}, "it does not say what 'answer' is"),
            ({"question": {"text": "Where?", "choices": ["Here"]}}, "choices or a form, not both"),
        ],
    )
    def test_one_that_can_not_be_filled_in_is_refused(self, agent: Agent, more: dict[str, Any], wrong: str) -> None:
        response = agent.put(form_question().model_dump(mode="json") | more)
        assert response.status_code == 422
        assert wrong in str(problems(response))
        assert not ApprovalRequest.objects.exists()


class TestSendingAFile:
    def send(self, agent: Agent, content: bytes, digest: str = "") -> HttpResponse:
        path = f"/api/files/{digest or file_digest(content)}"
        return agent.client.put(path, content, content_type="application/octet-stream", headers=agent.headers)  # type: ignore[return-value]

    def test_one_larger_than_an_announcement_may_be_is_held(self, agent: Agent) -> None:
        content = b"%PDF-" + bytes(3 * 1024 * 1024)
        assert [self.send(agent, content).status_code for _ in range(2)] == [204, 204]
        assert bytes(StoredFile.objects.get().content) == content

    def test_one_that_is_too_large_or_another_is_refused(self, agent: Agent) -> None:
        assert self.send(agent, bytes(MAX_FILE_BYTES + 1)).status_code == 422
        assert self.send(agent, b"one", file_digest(b"other")).status_code == 422
        assert self.send(agent, b"one", "sha256:nonsense").status_code == 422
        assert not StoredFile.objects.exists()

    def test_nobody_sends_one_without_a_token(self, client: Client, reviewer: User) -> None:
        client.force_login(reviewer)
        assert client.put(f"/api/files/{file_digest(b'one')}", b"one").status_code == 401

    def test_a_request_that_names_one_that_was_not_sent_is_refused(self, agent: Agent) -> None:
        file = {"name": "a.txt", "media_type": "text/plain", "size": 3, "digest": file_digest(b"one")}
        assert agent.put(announcement(files=[file])).status_code == 422
        self.send(agent, b"one")
        wanted = announcement(files=[file])
        assert [agent.put(wanted).status_code for _ in range(2)] == [201, 200]

    @pytest.mark.parametrize(
        "odd",
        [
            {"name": "../../etc/passwd"},
            {"name": "a\nb.txt"},
            {"name": "a.html"},
            {"name": "a\u202e.txt"},
            {"name": ". .txt"},
            {"media_type": "text/html"},
            {"media_type": "image/svg+xml"},
        ],
    )
    def test_a_path_and_what_browsers_would_run_are_refused(self, agent: Agent, odd: dict[str, str]) -> None:
        file = {"name": "a.txt", "media_type": "text/plain", "size": 3, "digest": file_digest(b"one")}
        body = announcement().model_dump(mode="json") | {"files": [file | odd]}
        assert agent.put(body).status_code == 422


class TestAnnouncing:
    def test_a_new_request_is_created_and_the_receipt_names_it(self, agent: Agent) -> None:
        wanted = announcement()
        response = agent.put(wanted)
        assert response.status_code == 201
        request = ApprovalRequest.objects.get()
        assert response.json() == {  # type: ignore[attr-defined]
            "announcement_id": request.awakeable_id,
            "request_id": request.pk,
            "url": f"http://127.0.0.1:8000/requests/{request.pk}/",
        }

    def test_the_same_again_is_the_same_receipt(self, agent: Agent) -> None:
        wanted = announcement()
        first, second = agent.put(wanted), agent.put(wanted)
        assert second.status_code == 200
        assert first.content == second.content

    def test_other_content_under_the_same_id_is_a_conflict(self, agent: Agent) -> None:
        wanted = announcement()
        agent.put(wanted)
        response = agent.put(wanted.model_copy(update={"title": "Something else"}))
        assert response.status_code == 409
        assert "other content" in problems(response)[0][1]

    def test_more_than_a_mebibyte_is_too_large(self, agent: Agent) -> None:
        body = announcement().model_dump(mode="json")
        body["context"] = [{"author": "a", "kind": "message", "text": "x" * 19_000}] * 100
        response = agent.put(body)
        assert response.status_code == 413
        assert not ApprovalRequest.objects.exists()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"title": ""}, "title"),
            ({"quorum": 0}, "quorum"),
            ({"risk": "huge"}, "risk"),
            ({"groups": ["treasury"]}, "groups"),
            ({"digest": "sha256:" + "0" * 64}, "digest"),
            ({"editable": ["a..b"]}, "editable"),
            ({"reject_reasons": ["x" * 201]}, "reject_reasons.0"),
            ({"reject_reasons": [" "]}, "reject_reasons.0"),
            ({"reject_reasons": [str(number) for number in range(11)]}, "reject_reasons"),
            ({"reject_reasons": ["twice", "twice"]}, "reject_reasons"),
            ({"run": {"invocation_id": "inv_1x", "service": "s", "handler": "h"}}, "run.invocation_id"),
            ({"nonsense": 1}, "nonsense"),
            ({"context_left_out": 10**15}, "context_left_out"),
            (
                {"context": [{"author": "a", "kind": "message", "at": "0001-01-01T00:00:00+14:00"}]},
                "context.0.at",
            ),
            ({"context": [{"author": "a", "kind": "shout"}]}, "context.0.kind"),
        ],
    )
    def test_bad_input_names_the_field_and_keeps_nothing(
        self, agent: Agent, change: dict[str, Any], field: str
    ) -> None:
        wanted = announcement()
        id_ = awakeable_id(wanted.run.invocation_id)
        response = agent.put(wanted.model_dump(mode="json") | change, id_)
        assert response.status_code == 422
        assert field in [name for name, _ in problems(response)]
        assert not ApprovalRequest.objects.exists()

    def test_an_awakeable_of_another_run_is_refused(self, agent: Agent) -> None:
        response = agent.put(announcement(), awakeable_id(announcement().run.invocation_id))
        assert response.status_code == 422
        assert problems(response)[0][0] == "run.invocation_id"

    def test_nul_anywhere_and_large_bounds_in_a_schema_are_taken(self, agent: Agent) -> None:
        asked = {"text": "Which?", "choices": ["a\x00b", "c"]}
        schema = {"type": "object", "properties": {"n": {"type": "integer", "maximum": 2**63 - 1}}}
        assert agent.put(question(question=asked, arguments_schema=schema, reason="x\x00y")).status_code == 201
        assert ApprovalRequest.objects.get().choices == ["a\u2400b", "c"]

    def test_an_id_that_is_no_awakeables_is_refused(self, agent: Agent) -> None:
        assert agent.put(announcement(), "nonsense").status_code == 422

    def test_a_body_that_is_not_json_is_refused(self, agent: Agent, client: Client) -> None:
        response = client.put(
            f"/api/requests/{awakeable_id(announcement().run.invocation_id)}",
            b"{not json",
            content_type="application/json",
            headers=agent.headers,
        )
        assert response.status_code in (400, 422)


class TestTokens:
    def test_without_a_token_nothing_is_told(self, client: Client) -> None:
        response = client.put("/api/requests/sign_1" + "a" * 38, {}, content_type="application/json")
        assert response.status_code == 401

    def test_a_wrong_token_is_refused(self, client: Client) -> None:
        assert Agent(client, "wrong").put(announcement()).status_code == 401

    def test_a_revoked_token_is_refused(self, agent: Agent, agent_service: AgentService) -> None:
        agent_service.revoked_at = agent_service.created_at
        agent_service.save()
        assert agent.put(announcement()).status_code == 401

    def test_the_token_is_kept_as_a_hash_only(self, agent_service: AgentService) -> None:
        assert AGENT_TOKEN not in str(vars(agent_service))

    def test_a_signed_in_person_is_no_agent(self, client: Client, reviewer: User) -> None:
        client.force_login(reviewer)
        assert client.put("/api/requests/sign_1" + "a" * 38, {}, content_type="application/json").status_code == 401

    def test_a_token_opens_no_page_and_decides_nothing(self, agent: Agent, client: Client) -> None:
        agent.put(announcement())
        request = ApprovalRequest.objects.get()
        response = client.post(f"/requests/{request.pk}/approve/", {"seen": request.digest}, headers=agent.headers)
        assert response.status_code == 302
        assert response["location"].startswith("/sign-in/")
        request.refresh_from_db()
        assert request.is_pending


class TestAfterTheDecision:
    @pytest.fixture
    def decided(self, agent: Agent, reviewer: User) -> ApprovalRequest:
        agent.put(announcement())
        request = ApprovalRequest.objects.get()
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
        return request

    def test_the_agent_is_told_to_go_and_reports_the_result(self, agent: Agent, decided: ApprovalRequest) -> None:
        delivery = Delivery.objects.get()
        body = {"decision_id": str(delivery.decision_id)}
        response = agent.post(decided.awakeable_id, "acknowledge", body)
        assert response.json() == {"go": True, "reason": ""}  # type: ignore[attr-defined]
        report = {"state": "done", "result": {"paid": 1800}}
        assert agent.post(decided.awakeable_id, "report", report).status_code == 204
        delivery.refresh_from_db()
        assert (delivery.state, delivery.result) == ("done", {"paid": 1800})

    def test_reporting_first_is_a_conflict(self, agent: Agent, decided: ApprovalRequest) -> None:
        assert agent.post(decided.awakeable_id, "report", {"state": "done"}).status_code == 409

    def test_an_unknown_request_is_not_found(self, agent: Agent) -> None:
        id_ = awakeable_id(announcement().run.invocation_id)
        assert agent.post(id_, "withdraw", {"reason": "cancelled"}).status_code == 404

    def test_a_result_that_is_too_large_is_refused(self, agent: Agent, decided: ApprovalRequest) -> None:
        response = agent.post(decided.awakeable_id, "report", {"state": "done", "result": "x" * 70_000})
        assert response.status_code == 422
        assert problems(response)[0][0] == "result"


class TestSeeing:
    def see(self, agent: Agent, id_: str) -> Any:
        response = agent.client.get(f"/api/requests/{id_}", headers=agent.headers)
        return response.json() if response.status_code == 200 else response.status_code

    def test_a_pending_request_has_no_travel(self, agent: Agent) -> None:
        agent.put(announcement())
        state = self.see(agent, ApprovalRequest.objects.get().awakeable_id)
        assert (state["status"], state["travel"], state["settled_at"]) == ("pending", None, None)

    def test_a_decision_is_seen_from_queued_to_done(self, agent: Agent, reviewer: User) -> None:
        agent.put(announcement())
        request = ApprovalRequest.objects.get()
        decision = approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
        state = self.see(agent, request.awakeable_id)
        assert (state["status"], state["travel"]["state"]) == ("approved", "queued")
        agent.post(request.awakeable_id, "acknowledge", {"decision_id": str(decision.pk)})
        assert self.see(agent, request.awakeable_id)["travel"]["state"] == "received"
        agent.post(request.awakeable_id, "report", {"state": "done"})
        assert self.see(agent, request.awakeable_id)["travel"]["finished_at"]

    def test_a_request_that_was_asked_again_names_the_new_one(self, agent: Agent) -> None:
        first = announcement()
        agent.put(first)
        run = first.run.invocation_id
        agent.put(
            announcement(invocation_id=run, supersedes=awakeable_id(run)),
            awakeable_id(run, 18),
        )
        state = self.see(agent, awakeable_id(run))
        assert (state["status"], state["superseded_by"]) == ("withdrawn", awakeable_id(run, 18))

    def test_another_services_request_is_not_found(self, agent: Agent, client: Client) -> None:
        agent.put(announcement())
        register_agent_service(name="other", token="a-token-of-another-agent-service")
        other = Agent(client, "a-token-of-another-agent-service")
        assert self.see(other, ApprovalRequest.objects.get().awakeable_id) == 404


class TestRebinding:
    def rebinding(self, run: str) -> dict[str, Any]:
        return {"awakeable_id": awakeable_id(run), "run": announcement(invocation_id=run).run.model_dump()}

    def test_while_the_engine_is_away_the_agent_has_to_try_again(self, agent: Agent) -> None:
        agent.put(announcement())
        origin = ApprovalRequest.objects.get()
        response = agent.post(origin.awakeable_id, "rebind", self.rebinding(invocation_id()))
        assert response.status_code == 503
        assert "can't be reached" in problems(response)[0][1]
        assert ApprovalRequest.objects.count() == 1

    def test_what_is_bound_already_needs_no_engine(self, agent: Agent) -> None:
        agent.put(announcement())
        origin = ApprovalRequest.objects.get()
        assert agent.post(origin.awakeable_id, "rebind", self.rebinding(origin.invocation_id)).status_code == 204

    def test_a_malformed_id_is_refused(self, agent: Agent) -> None:
        body = self.rebinding(invocation_id()) | {"awakeable_id": "sign_1"}
        assert agent.post(awakeable_id(invocation_id()), "rebind", body).status_code == 422


def test_withdrawing_and_recording_an_invalid_answer(agent: Agent) -> None:
    agent.put(announcement())
    request = ApprovalRequest.objects.get()
    assert agent.post(request.awakeable_id, "invalid-answer", {"code": "forged"}).status_code == 204
    assert agent.post(request.awakeable_id, "withdraw", {"reason": "cancelled"}).status_code == 204
    request.refresh_from_db()
    assert request.status == "withdrawn"
    assert [event.code for event in request.events.all()] == [
        "request.announced",
        "decision.invalid",
        "request.withdrawn",
    ]


def test_the_api_describes_itself_to_those_who_are_signed_in(client: Client, reviewer: User) -> None:
    assert client.get("/api/openapi.json").status_code == 302
    client.force_login(reviewer)
    schema = client.get("/api/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/batch",
        "/api/files/{digest}",
        "/api/requests/{awakeable_id}",
        "/api/requests/{announcement_id}/rebind",
        *(f"/api/requests/{{awakeable_id}}/{verb}" for verb in ("acknowledge", "report", "withdraw", "invalid-answer")),
    }
