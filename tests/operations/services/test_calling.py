"""Sending calls to the real engine, and the record of it."""

import secrets
from collections.abc import Callable
from hashlib import sha256

import pytest
from django.contrib.auth.models import User

from operations.digests import digest
from operations.errors import NotAllowed, Refused, Unheard
from operations.models import OperatorEvent
from operations.services.calling import Call, call_handler
from restate_bridge.listed_run import RunState
from restate_bridge.runs import find_listed
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import state_of

NOTE = b'{"name": "count", "value": 7, "tags": ["xyzzy"]}'


@pytest.fixture
def key() -> str:
    return f"called-{secrets.token_hex(4)}"


def test_a_call_is_sent_and_runs(operator: User, with_engine: Engine, key: str) -> None:
    sent = call_handler(operator=operator, call=Call("Keeping", key, "keep", NOTE))
    assert sent.is_new
    eventually(lambda: state_of(with_engine, key) == {"count": b"7"})
    plain = call_handler(operator=operator, call=Call("Counting", None, "count", b'"four"'))
    eventually(lambda: with_engine.state(plain.run) is RunState.COMPLETED)
    nothing = call_handler(operator=operator, call=Call("Restless", key, "greet", None))
    eventually(lambda: with_engine.state(nothing.run) is RunState.COMPLETED)


@pytest.mark.parametrize("key", ["it's '; DROP", "a/b?c#d&e=f", "세션 \U0001f600", "..", ".", "%2F+", "x" * 3_000])
def test_a_key_may_be_any_text(operator: User, with_engine: Engine, key: str) -> None:
    sent = call_handler(operator=operator, call=Call("Restless", key, "greet", None))
    run = find_listed(with_engine.admin, sent.run)
    assert run is not None
    assert run.key == key


def test_it_is_sent_later(operator: User, with_engine: Engine, key: str) -> None:
    sent = call_handler(operator=operator, call=Call("Keeping", key, "keep", NOTE, delay=3_600))
    assert with_engine.state(sent.run) is RunState.SCHEDULED


def test_what_is_sent_twice_with_one_key_runs_once(operator: User, with_engine: Engine, key: str) -> None:
    once = Call("Keeping", key, "keep", NOTE, idempotency_key=key)
    first, second = (call_handler(operator=operator, call=once) for _ in range(2))
    assert first.run == second.run
    assert (first.is_new, second.is_new) == (True, False)


def test_the_record_says_who_called_what_and_what_run_it_became_and_not_with_what(
    operator: User, with_engine: Engine, key: str
) -> None:
    call = Call("Keeping", key, "keep", NOTE, idempotency_key=key, reason="to try it")
    sent = call_handler(operator=operator, call=call)
    asked, answered = OperatorEvent.objects.all()
    assert (asked.code, asked.actor, asked.reason) == ("handler.call.asked", "user:operator", "to try it")
    assert asked.subject == f"Keeping/{key}/keep"
    assert (asked.data["input"]["size"], asked.data["idempotency_key"]) == (len(NOTE), key)
    assert answered.data == {"run": sent.run, "new": True}
    assert "xyzzy" not in f"{asked.data} {answered.data}"
    # Else a short input would be found by trying.
    assert sha256(NOTE).hexdigest() not in f"{asked.data}"
    assert asked.data["input"]["digest"] == digest(NOTE)


def test_what_the_engine_refuses_is_recorded_with_its_words(operator: User, with_engine: Engine, key: str) -> None:
    with pytest.raises(Refused, match="handler 'dance' was not found"):
        call_handler(operator=operator, call=Call("Keeping", key, "dance", NOTE))
    assert [event.code for event in OperatorEvent.objects.all()] == ["handler.call.asked", "handler.call.answered"]


def test_who_may_only_look_calls_nothing(viewer: User, with_engine: Engine, key: str) -> None:
    with pytest.raises(NotAllowed):
        call_handler(operator=viewer, call=Call("Keeping", key, "keep", NOTE))
    assert state_of(with_engine, key) == {}
    assert not OperatorEvent.objects.exists()


def test_what_the_engine_did_not_answer_stays_open_in_the_record(
    operator: User, ask_engine_at: Callable[[str], None], key: str
) -> None:
    ask_engine_at("http://127.0.0.1:9")
    with pytest.raises(Unheard):
        call_handler(operator=operator, call=Call("Keeping", key, "keep", NOTE))
    assert [event.code for event in OperatorEvent.objects.all()] == ["handler.call.asked", "handler.call.unheard"]
