"""Talking to an agent."""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals import engine
from operations.models import OperatorEvent
from operations.views.talk import talk_form
from restate_bridge.services import Handler, Kind, Service
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import address, put, shown, state_of

PATH = "/playground/talk/"
NOBODY_THERE = "http://127.0.0.1:9"


@pytest.fixture
def key() -> str:
    return f"talked-{secrets.token_hex(4)}"


def said(key: str, **more: str) -> dict[str, str]:
    return {"agent": "Talking/ask", "key": key, "user": "requester", "message": "hello", "idempotency_key": key} | more


def kept(with_engine: Engine, key: str) -> Any:
    return json.loads(state_of(with_engine, key, "Talking").get("last", b"null"))


@pytest.mark.parametrize("key", ["a session", "it's <b>/?#&=", "세션 \U0001f600"])
def test_a_message_is_sent_and_leads_to_the_session(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    answer = client.post(PATH, said(key, idempotency_key=""))
    assert answer.status_code == 302
    eventually(lambda: kept(with_engine, key) == ["requester", "hello"])
    assert "requester" in shown(client, answer["Location"])


def test_what_was_sent_before_is_not_sent_again(client: Client, operator: User, with_engine: Engine, key: str) -> None:
    client.post(PATH, said(key))
    eventually(lambda: kept(with_engine, key) == ["requester", "hello"])
    page = client.post(PATH, said(key, message="something else"), follow=True).content.decode()
    assert "That was sent before" in page
    assert kept(with_engine, key) == ["requester", "hello"]


def test_a_session_offers_to_go_on_with_it_on_behalf_of_the_same_person(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"session_store::s": b'{"user_id": "a <b>person", "events": []}'}, "Talking")
    page = shown(client, address(key, "Talking"))
    assert "Say something" in page
    assert 'value="a &lt;b&gt;person"' in page
    assert 'value="Talking/ask"' in page
    fresh = re.findall(r'name="idempotency_key" value="([^"]+)"', page + shown(client, address(key, "Talking")))
    assert len(set(fresh)) == 2


def test_a_session_asks_which_handler_where_there_are_several(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    page = shown(client, address(key, "Talking"))
    assert re.findall(r'<option value="([^"]+)"', page) == ["Talking/ask", "Talking/wonder"]
    client.post(PATH, said(key, agent="Talking/wonder"))
    eventually(lambda: state_of(with_engine, key, "Talking").keys() == {"wondered"})


def test_a_session_does_not_ask_where_there_is_one(viewer: User) -> None:
    handler = Handler("ask", schema={"properties": {"message": {"type": "string"}}})
    form = talk_form(viewer, [Service("Claims", Kind.OBJECT, [handler])], key="a-session")
    assert form is not None
    assert '<input type="hidden" name="agent" value="Claims/ask"' in str(form.in_one_session()["agent"])


@pytest.mark.parametrize(
    ("path", "given"),
    [
        (PATH, {"agent": "Talking/ask", "user": "a <b>person", "message": "hello"}),
        (
            "/playground/call/?service=Talking&handler=ask&raw=1",
            {"raw": '{"message": "hello", "user": "a <b>person"}'},
        ),
    ],
)
def test_the_record_says_on_whose_behalf_and_by_which_handler(
    client: Client, operator: User, with_engine: Engine, key: str, path: str, given: dict[str, str]
) -> None:
    assert client.post(path, given | {"key": key}).status_code == 302
    asked = OperatorEvent.objects.get(code="handler.call.asked")
    assert (asked.data["handler"], asked.data["on_behalf_of"]) == ("ask", "a <b>person")
    assert "hello" not in str(asked.data)
    assert "ask on behalf of a &lt;b&gt;person" in client.get("/record/").content.decode()


@pytest.mark.parametrize(
    ("user", "kept"),
    [("a\\u0000b", "a\u2400b"), ("half \\ud800", "half ?"), ("x" * 300, "x" * 200)],
)
def test_who_it_is_on_behalf_of_is_recorded_whatever_it_is_called(
    client: Client, operator: User, with_engine: Engine, key: str, user: str, kept: str
) -> None:
    path = "/playground/call/?service=Talking&handler=ask&raw=1"
    assert client.post(path, {"key": key, "raw": f'{{"message": "hello", "user": "{user}"}}'}).status_code == 302
    assert OperatorEvent.objects.get(code="handler.call.asked").data["on_behalf_of"] == kept


@pytest.mark.parametrize(
    "wrong", [{"message": ""}, {"key": ""}, {"user": ""}, {"agent": "Keeping/keep"}, {"agent": "Nobody/ask"}]
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    client: Client, operator: User, with_engine: Engine, key: str, wrong: dict[str, str]
) -> None:
    answer = client.post(PATH, said(key, message="a <b>word") | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert "a &lt;b&gt;word" in page or "message" in wrong
    assert kept(with_engine, key) is None
    assert not OperatorEvent.objects.exists()


def test_while_the_ingress_is_away_the_message_comes_back(
    client: Client, operator: User, with_engine: Engine, settings: Any, key: str
) -> None:
    settings.RESTATE_INGRESS_URL = NOBODY_THERE
    engine.ingress.cache_clear()
    answer = client.post(PATH, said(key, message="a <b>word"))
    assert answer.status_code == 503
    assert "a &lt;b&gt;word" in answer.content.decode()
    assert f'value="{key}"' in answer.content.decode()


def test_while_the_engine_is_away_it_can_be_sent_again(
    client: Client, operator: User, ask_engine_at: Callable[[str], None], key: str
) -> None:
    ask_engine_at(NOBODY_THERE)
    answer = client.post(PATH, said(key, message="a <b>word"))
    assert answer.status_code == 503
    assert 'value="a &lt;b&gt;word"' in answer.content.decode()
