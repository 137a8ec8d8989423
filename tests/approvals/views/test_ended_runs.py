"""A decision that no run waits for is refused, and one that Restate can't be asked about is taken."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from approvals.engine import admin_for_pages, endings
from approvals.models import AgentService, ApprovalRequest
from restate_bridge.ids import awakeable_id
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.house.house import eventually


@pytest.fixture
def asked(engine: Engine) -> Iterator[Engine]:
    """The engine that the inbox asks."""
    server = engine.server
    for client in (endings, admin_for_pages):
        client.cache_clear()
    with override_settings(RESTATE_INGRESS_URL=server.ingress_url, RESTATE_ADMIN_URL=server.admin_url):
        yield engine
    for client in (endings, admin_for_pages):
        client.cache_clear()


@pytest.fixture
def waiting(asked: Engine, agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service, invocation_id=asked.start_waiting())


def approve(client: Client, user: User, request: ApprovalRequest) -> tuple[int, str]:
    client.force_login(user)
    response = client.post(f"/requests/{request.pk}/approve/", {"seen": request.digest, "note": "typed"})
    request.refresh_from_db()
    return response.status_code, response.content.decode()


def end(engine: Engine, request: ApprovalRequest, verb: str) -> None:
    engine.do(request.invocation_id, verb)
    eventually(lambda: engine.status(request.invocation_id) == "completed")


def test_a_run_that_waits_gets_its_decision(client: Client, reviewer: User, waiting: ApprovalRequest) -> None:
    assert approve(client, reviewer, waiting)[0] == 302
    assert waiting.status == "approved"


@pytest.mark.parametrize(
    ("verb", "reason"), [("kill", "The run was killed"), ("cancel", "The run was cancelled")], ids=["kill", "cancel"]
)
def test_a_run_that_was_ended_takes_its_request_along_and_the_page_says_why(
    client: Client, reviewer: User, asked: Engine, waiting: ApprovalRequest, verb: str, reason: str
) -> None:
    end(asked, waiting, verb)
    status, shown = approve(client, reviewer, waiting)
    assert (status, waiting.status, waiting.decisions.count()) == (409, "withdrawn", 0)
    assert f"{reason}, so nobody waits for this decision any more. Nothing was decided." in shown
    event = waiting.events.get(code="request.withdrawn")
    assert (event.actor, event.data["reason"].capitalize()) == ("courier", reason)
    assert f"{reason}." in shown


def test_a_run_that_has_ended_by_itself_waits_for_nobody_either(
    client: Client, reviewer: User, asked: Engine, waiting: ApprovalRequest
) -> None:
    asked.ingress.resolve_awakeable(awakeable_id(waiting.invocation_id), "not our token")
    eventually(lambda: asked.status(waiting.invocation_id) == "completed")
    status, shown = approve(client, reviewer, waiting)
    assert (status, waiting.status) == (409, "withdrawn")
    assert "The run has ended, so nobody waits" in shown


def test_a_run_that_restate_does_not_know_may_be_known_again_so_its_request_stays(
    client: Client, reviewer: User, asked: Engine, agent_service: AgentService
) -> None:
    request = announce(agent_service)
    status, shown = approve(client, reviewer, request)
    assert (status, request.status, request.decisions.count()) == (409, "pending", 0)
    assert "Restate does not know the run any more" in shown
    assert "typed" in shown


def test_whoever_may_not_see_the_request_learns_nothing_and_withdraws_nothing(
    client: Client, outsider: User, asked: Engine, waiting: ApprovalRequest
) -> None:
    end(asked, waiting, "kill")
    assert approve(client, outsider, waiting)[0] == 404
    assert waiting.status == "pending"


def test_a_settled_request_is_refused_for_being_settled_whatever_became_of_its_run(
    client: Client, reviewer: User, second_reviewer: User, asked: Engine, waiting: ApprovalRequest
) -> None:
    approve(client, reviewer, waiting)
    end(asked, waiting, "kill")
    assert "was first" in approve(client, second_reviewer, waiting)[1]


def test_of_many_those_are_refused_whose_runs_have_ended(
    client: Client, reviewer: User, asked: Engine, agent_service: AgentService, waiting: ApprovalRequest
) -> None:
    killed = announce(agent_service, invocation_id=asked.start_waiting())
    unknown = announce(agent_service)
    end(asked, killed, "kill")
    client.force_login(reviewer)
    picks = [f"{request.pk}:{request.digest}" for request in (waiting, killed, unknown)]
    page = client.post("/bulk/", {"pick": picks, "verb": "approve"}).content.decode()
    assert ApprovalRequest.objects.get(status="approved") == waiting
    assert "The run was killed, so nobody waits" in page
    assert "Restate does not know the run any more" in page


def test_without_restate_a_decision_is_taken_all_the_same(
    client: Client, reviewer: User, agent_service: AgentService
) -> None:
    request = announce(agent_service)
    assert approve(client, reviewer, request)[0] == 302
    assert request.status == "approved"
