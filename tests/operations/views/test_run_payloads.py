"""What a run holds: for whom, and on which page."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest
from approvals.services.decide import approve_request
from operations.models import OperatorEvent
from operations.selectors import payloads
from restate_bridge.admin import Admin
from restate_bridge.contract import DecisionClaims, Outcome, reject_text, sign_decision
from restate_bridge.errors import EngineAway
from restate_bridge.ids import awakeable_id
from restate_bridge.listed_run import ENDED, RunState
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.tokens import begun_tokens

WORD = "xylophone"


@pytest.fixture
def ended(with_engine: Engine) -> str:
    """A run that has done all that a journal can hold, with a word in each payload."""
    run = with_engine.start_busy("everything", {"word": WORD})
    eventually(lambda: with_engine.state(run) is RunState.WAITING)
    with_engine.ingress.resolve_awakeable(awakeable_id(run), f"resolved with {WORD}")
    eventually(lambda: with_engine.state(run) is RunState.COMPLETED)
    return run


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_everything_that_it_holds_is_shown_decoded(client: Client, operator: User, ended: str) -> None:
    text = text_of(client.get(f"/runs/{ended}/payloads/").content.decode())
    for part in (
        f'Input {{ "word": "{WORD}" }}',
        f'"state": "{WORD}"',
        f'"step": "{WORD}"',
        f"no JSON {WORD}",
        "3 bytes",
        f"resolved with {WORD}",
        f'"output": "{WORD}"',
        "hello ",
        "it gave up",
    ):
        assert part in text, part


def decided(request: ApprovalRequest, **changes: Any) -> DecisionClaims:
    """What the courier signs of the decision on a request, with changes."""
    made = request.decisions.get()
    return DecisionClaims(
        decision_id=str(made.id),
        announcement_id=request.announcement_id,
        outcome=Outcome(made.outcome),
        decided_by="Rea Viewer",
        decided_at=made.decided_at,
        digest=request.digest,
        arguments=made.arguments,
        note=made.note,
    ).model_copy(update=changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"decided_by": "the chief"},
        {"arguments": {"amount": 999_999}},
        {"note": "pay at once"},
        {"answer": "yes"},
        {"digest": "sha256:0"},
        {"announcement_id": "sign_1other"},
        {"decision_id": str(uuid4())},
        {"decided_at": datetime(2026, 4, 24, 9, 0, tzinfo=UTC)},
    ],
)
def test_a_decision_is_on_record_only_as_the_inbox_made_it(
    client: Client,
    operator: User,
    with_engine: Engine,
    agent_service: AgentService,
    reviewer: User,
    changes: dict[str, Any],
) -> None:
    run = with_engine.start_waiting()
    request = announce(agent_service, invocation_id=run)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="fine")
    forged = sign_decision(decided(request, **changes), Ed25519PrivateKey.generate())
    with_engine.ingress.resolve_awakeable(request.awakeable_id, forged)
    eventually(lambda: with_engine.state(run) in ENDED)
    page = client.get(f"/runs/{run}/payloads/").content.decode()
    wait = text_of(page[page.index('data-kind="wait"') :])
    is_as_made = set(changes) <= {"decided_by"}
    assert ("not on record here" in wait) is not is_as_made
    # Of a token that nobody verified, the record alone tells who decided.
    assert ("Approved by Rea Viewer" in wait) or not is_as_made
    assert "the chief" not in wait


def test_a_real_decision_in_another_run_is_not_on_record_there(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, reviewer: User
) -> None:
    run, other = with_engine.start_waiting(), with_engine.start_waiting()
    request = announce(agent_service, invocation_id=run)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    token = sign_decision(decided(request), Ed25519PrivateKey.generate())
    with_engine.ingress.resolve_awakeable(awakeable_id(other), token)
    eventually(lambda: with_engine.state(other) in ENDED)
    assert "not on record here" in text_of(client.get(f"/runs/{other}/payloads/").content.decode())


@pytest.mark.parametrize("outcome", [Outcome.APPROVED, Outcome.REJECTED])
def test_a_decision_that_nobody_here_has_made_is_shown_as_one(
    client: Client, operator: User, with_engine: Engine, outcome: Outcome
) -> None:
    run = with_engine.start_waiting()
    claims = DecisionClaims(
        decision_id=str(uuid4()),
        announcement_id=awakeable_id(run),
        outcome=outcome,
        decided_by="somebody else",
        decided_at=datetime(2026, 4, 24, 9, 0, tzinfo=UTC),
        digest="sha256:0",
        note="trust me",
    )
    token = sign_decision(claims, Ed25519PrivateKey.generate())
    if outcome is Outcome.APPROVED:
        with_engine.ingress.resolve_awakeable(awakeable_id(run), token)
    else:
        with_engine.ingress.reject_awakeable(awakeable_id(run), reject_text("Rejected by somebody else", token))
    eventually(lambda: with_engine.state(run) in ENDED)
    page = client.get(f"/runs/{run}/payloads/").content.decode()
    wait = text_of(page[page.index('data-kind="wait"') :])
    assert f"{outcome.value.capitalize()} by somebody else" in wait
    assert "not on record here" in wait
    assert "trust me" in wait
    # The run returned it, or failed with it.
    assert "(signed token)" in page
    assert begun_tokens(page) == []


def test_who_may_not_see_what_it_holds_sees_no_word_of_it(
    client: Client, viewer: User, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(viewer)
    answers: list[object] = []
    query = Admin.query

    def listening(admin: Admin, sql: str) -> list[dict[str, Any]]:
        rows = query(admin, sql)
        answers.append(rows)
        return rows

    monkeypatch.setattr(Admin, "query", listening)
    for address in (f"/runs/{ended}/", f"/runs/{ended}/?from=3", f"/runs/?q={ended}&state=ended"):
        for headers in ({}, {"HX-Request": "true"}):
            page = client.get(address, headers=headers).content.decode()
            assert ended in page
            assert WORD not in page
            assert "payloads" not in page
    # What the page does not show has not even been read.
    assert WORD not in repr(answers)
    assert ",".join(map(str, WORD.encode())) not in repr(answers)
    assert client.get(f"/runs/{ended}/payloads/").status_code == 403
    assert client.get(f"/runs/{ended}/payloads/?entry=0").status_code == 403
    assert not OperatorEvent.objects.exists()


def test_who_may_does_not_see_it_before_they_ask(client: Client, operator: User, ended: str) -> None:
    page = client.get(f"/runs/{ended}/").content.decode()
    assert WORD not in page
    assert f'href="/runs/{ended}/payloads/"' in page
    assert not OperatorEvent.objects.exists()


def test_looking_is_recorded_once_however_often_the_page_refreshes(client: Client, operator: User, ended: str) -> None:
    for headers in ({}, {"HX-Request": "true"}, {"HX-Request": "true"}):
        assert WORD in client.get(f"/runs/{ended}/payloads/", headers=headers).content.decode()
    (event,) = OperatorEvent.objects.all()
    assert (event.code, event.invocation_id) == ("run.payload.looked", ended)
    assert event.subject.startswith("Busy/")
    assert event.subject.endswith("/everything")


def test_what_is_too_large_among_others_is_shown_alone(
    client: Client, operator: User, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.views.run.MANY", payloads.Bounds(one=40, together=60))
    page = client.get(f"/runs/{ended}/payloads/").content.decode()
    assert f'"word": "{WORD}"' not in unescape(page)
    assert f'href="/runs/{ended}/payloads/?entry=0"' in page
    alone = client.get(f"/runs/{ended}/payloads/?entry=0").content.decode()
    assert f'"word": "{WORD}"' in unescape(alone)
    assert alone.count('data-kind="') == 1
    assert "data-ticks" not in alone


def test_what_is_too_large_even_alone_is_counted(
    client: Client, operator: User, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.views.run.ALONE", payloads.Bounds(one=40, together=60))
    alone = client.get(f"/runs/{ended}/payloads/?entry=0").content.decode()
    assert WORD not in alone
    assert "too large to be shown here" in alone


def test_a_run_that_the_engine_does_not_know_holds_nothing(client: Client, operator: User, with_engine: Engine) -> None:
    page = client.get("/runs/inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu/payloads/").content.decode()
    assert "no longer" in page
    assert not OperatorEvent.objects.exists()


def test_while_the_engine_is_away_the_page_says_so(client: Client, operator: User) -> None:
    answer = client.get("/runs/inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu/payloads/")
    assert answer.status_code == 200
    assert "be asked at the moment" in answer.content.decode()
    assert not OperatorEvent.objects.exists()


def test_what_is_no_run_is_not_found(client: Client, operator: User) -> None:
    assert client.get("/runs/nonsense/payloads/").status_code == 404


def test_an_engine_that_goes_away_in_between_is_said(
    client: Client, operator: User, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise EngineAway("gone")

    monkeypatch.setattr(payloads, "read_bodies", away)
    page = client.get(f"/runs/{ended}/payloads/").content.decode()
    assert WORD not in page
    assert "What the steps hold is there again" in page
