"""Holding what a run waits for, where the engine can't pause it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest
from operations.models import OperatorEvent
from tests.announcing import announce
from tests.engine.engine import Engine

RUN = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


def test_an_engine_that_can_not_pause_says_so_and_offers_to_hold_the_request_instead(
    client: Client,
    operator: User,
    engine_without_vqueues: Engine,
    ask_engine_at: Callable[[str], None],
    agent_service: AgentService,
    reviewer: User,
) -> None:
    ask_engine_at(engine_without_vqueues.server.admin_url)
    run = engine_without_vqueues.start_waiting()
    link = f'href="/runs/{run}/hold/"'
    assert link not in client.get(f"/runs/{run}/").content.decode()
    announce(agent_service, invocation_id=run)
    for path in (f"/runs/{run}/", f"/runs/{run}/pause/"):
        page = client.get(path).content.decode()
        assert "needs the scheduler" in page
        assert link in page
    client.post(f"/runs/{run}/hold/", {"reason": "a new contract is due"})
    page = client.get(f"/runs/{run}/").content.decode()
    assert link not in page
    assert f'href="/runs/{run}/unhold/"' in page


def test_what_is_held_says_so_to_reviewers_and_is_let_go_on(
    client: Client, operator: User, agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, invocation_id=RUN)
    page = client.post(f"/runs/{RUN}/hold/", {"reason": "a <b>new</b> contract"}, follow=True).content.decode()
    assert "1 request is held." in page
    theirs = Client()
    theirs.force_login(reviewer)
    shown = theirs.get(request.get_absolute_url()).content.decode()
    for part in ("a &lt;b&gt;new&lt;/b&gt; contract", "An operator holds this request", "Nobody can decide it"):
        assert part in shown
    assert "/approve/" not in shown
    assert "held by an operator" in theirs.get("/").content.decode()
    refused = theirs.post(f"/requests/{request.pk}/approve/", {"seen": request.digest})
    assert refused.status_code == 403
    page = client.post(f"/runs/{RUN}/unhold/", {"reason": "signed"}, follow=True).content.decode()
    assert "1 request can be decided again." in page
    approved = theirs.post(f"/requests/{request.pk}/approve/", {"seen": request.digest})
    assert approved.status_code == 302
    codes = [event.code for event in OperatorEvent.objects.filter(invocation_id=RUN)]
    assert {event.subject for event in OperatorEvent.objects.filter(invocation_id=RUN)} == {
        f"{request.service}/{request.key}/{request.handler}"
    }
    assert codes == ["run.hold.asked", "run.hold.answered", "run.unhold.asked", "run.unhold.answered"]


@pytest.mark.parametrize("verb", ["hold", "unhold"])
def test_a_reason_is_asked_for(
    client: Client, operator: User, agent_service: AgentService, reviewer: User, verb: str
) -> None:
    request = announce(agent_service, invocation_id=RUN)
    answer = client.post(f"/runs/{RUN}/{verb}/", {"reason": " "})
    assert answer.status_code == 422
    assert ApprovalRequest.objects.get(pk=request.pk).held_at is None
    assert not OperatorEvent.objects.exists()


@pytest.mark.parametrize(("verb", "words"), [("hold", "No request of this run waits"), ("unhold", "is held")])
def test_where_there_is_nothing_to_hold_or_let_go_it_says_so(
    client: Client, operator: User, verb: str, words: str
) -> None:
    page = client.get(f"/runs/{RUN}/{verb}/").content.decode()
    assert words in page
    assert "<textarea" not in page
    done = client.post(f"/runs/{RUN}/{verb}/", {"reason": "late"}, follow=True).content.decode()
    assert "There was nothing to do" in done


def test_who_may_only_look_holds_nothing(
    client: Client, viewer: User, agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, invocation_id=RUN)
    client.force_login(viewer)
    assert client.post(f"/runs/{RUN}/hold/", {"reason": "why"}).status_code == 403
    assert ApprovalRequest.objects.get(pk=request.pk).held_at is None
