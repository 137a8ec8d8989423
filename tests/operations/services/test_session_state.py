"""Changing what sessions of the real engine keep, and the record of it."""

import secrets
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from operations.digests import digest
from operations.errors import ChangedMeanwhile, InvalidInput, NotAllowed, Refused, TooLarge, Unheard
from operations.models import OperatorEvent
from operations.rules.state import MOST_SENT, StateOutcome, StateVerb
from operations.selectors.session_state import StateNow, state_now
from operations.services.session_state import StateChange, change_state
from restate_bridge.contract import is_sealed, opened, sealed, use_journal_keys
from restate_bridge.ids import awakeable_id
from restate_bridge.journal_keys import add_journal_key
from restate_bridge.session_state import StateKeeper, has_the_key, state_version
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import keep, put, state_of

KEPT = {"count": b"1", "other": b"\xff\x00", "private": b'"xyzzy"'}


@pytest.fixture
def key() -> str:
    return f"changed-{secrets.token_hex(4)}"


def now(engine: Engine, key: str) -> StateNow:
    return state_now(engine.admin, "Keeping", key)


def do(who: User, engine: Engine, key: str, verb: StateVerb, *, name: str | None = None, **parts: Any) -> StateOutcome:
    seen = parts.pop("seen", None) or now(engine, key).seen(name)
    given: dict[str, Any] = {"reason": "it was wrong", "typed": "Keeping"} | parts
    change = StateChange(verb, name=name, seen=seen, **given)
    return change_state(operator=who, service="Keeping", key=key, change=change)


def codes() -> list[str]:
    return [event.code for event in OperatorEvent.objects.all()]


@pytest.mark.parametrize(
    ("verb", "name", "after"),
    [
        (StateVerb.CHANGE, "count", KEPT | {"count": b"2"}),
        (StateVerb.REMOVE, "other", {"count": b"1", "private": b'"xyzzy"'}),
        (StateVerb.CLEAR, None, {}),
    ],
)
def test_it_is_done_and_nothing_else_is_touched(
    administrator: User, with_engine: Engine, key: str, verb: StateVerb, name: str | None, after: dict[str, bytes]
) -> None:
    put(with_engine, key, KEPT)
    assert do(administrator, with_engine, key, verb, name=name, value=b"2") is StateOutcome.DONE
    assert state_of(with_engine, key) == after
    assert codes() == [f"session.{verb}.asked", f"session.{verb}.answered"]


@pytest.fixture
def journal_key(tmp_path: Path) -> Iterator[None]:
    add_journal_key(tmp_path / "journal_keys")
    use_journal_keys(tmp_path / "journal_keys")
    yield
    use_journal_keys(None)


@pytest.mark.usefixtures("journal_key")
def test_a_session_that_is_sealed_stays_so_and_another_one_is_kept_as_it_was(
    administrator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"count": sealed(b"1"), "other": sealed(b"2")})
    assert do(administrator, with_engine, key, StateVerb.CHANGE, name="count", value=b"3") is StateOutcome.DONE
    kept = state_of(with_engine, key)
    assert is_sealed(kept["count"])
    assert (opened(kept["count"]), opened(kept["other"])) == (b"3", b"2")
    put(with_engine, f"{key}-plain", KEPT)
    do(administrator, with_engine, f"{key}-plain", StateVerb.CHANGE, name="count", value=b"3")
    assert state_of(with_engine, f"{key}-plain") == KEPT | {"count": b"3"}


def test_the_record_says_who_why_and_what_by_size_and_digest_and_holds_no_value(
    administrator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, KEPT)
    do(administrator, with_engine, key, StateVerb.CHANGE, name="private", value=b'"a plugh"')
    asked, answered = OperatorEvent.objects.all()
    assert (asked.actor, asked.reason, asked.subject) == ("user:administrator", "it was wrong", f"Keeping/{key}")
    assert asked.data == {
        "before": {"private": {"size": 7, "digest": digest(b'"xyzzy"')}},
        "after": {"private": {"size": 9, "digest": digest(b'"a plugh"')}},
    }
    assert answered.data == {"status": 202, "outcome": "done"}
    assert "xyzzy" not in f"{asked.data}"


def test_no_value_can_be_guessed_by_its_digest_nor_by_what_a_page_saw_of_it(
    administrator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"pin": b"1234"})
    seen = [now(with_engine, key).seen("pin"), now(with_engine, key).seen(None)]
    do(administrator, with_engine, key, StateVerb.CHANGE, name="pin", value=b"4321")
    told = f"{seen} {[event.data for event in OperatorEvent.objects.all()]}"
    for value in (b"1234", b"4321"):
        assert sha256(value).hexdigest() not in told
        assert state_version({"pin": value}) not in told


def test_equal_values_have_equal_digests_and_others_others() -> None:
    assert digest(b"1") == digest(b"1")
    assert len({digest(value) for value in (b"", b"1", b"2", b"\xff\x00")}) == 4


@pytest.mark.parametrize("name", ["", "it's", "ü/\U0001f600", "a\x00b"])
def test_a_name_may_be_any_text(administrator: User, with_engine: Engine, key: str, name: str) -> None:
    put(with_engine, key, {name: b"1", "other": b"2"})
    do(administrator, with_engine, key, StateVerb.CHANGE, name=name, value=b"3")
    assert state_of(with_engine, key) == {name: b"3", "other": b"2"}
    do(administrator, with_engine, key, StateVerb.REMOVE, name=name)
    assert state_of(with_engine, key) == {"other": b"2"}


def test_what_changed_meanwhile_is_not_overwritten(administrator: User, with_engine: Engine, key: str) -> None:
    put(with_engine, key, KEPT)
    value, whole = now(with_engine, key).seen("count"), now(with_engine, key).seen(None)
    put(with_engine, key, KEPT | {"count": b"7"})
    for verb, name, seen in ((StateVerb.CHANGE, "count", value), (StateVerb.CLEAR, None, whole)):
        with pytest.raises(ChangedMeanwhile):
            do(administrator, with_engine, key, verb, name=name, seen=seen, value=b"2")
    with pytest.raises(ChangedMeanwhile):
        do(administrator, with_engine, key, StateVerb.REMOVE, name="not there", seen=value)
    assert state_of(with_engine, key)["count"] == b"7"
    assert codes() == []


def test_another_value_that_changed_is_no_obstacle_and_stays_changed(
    administrator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, KEPT)
    seen = now(with_engine, key).seen("count")
    put(with_engine, key, KEPT | {"other": b"7"})
    do(administrator, with_engine, key, StateVerb.CHANGE, name="count", seen=seen, value=b"2")
    assert state_of(with_engine, key) == KEPT | {"other": b"7", "count": b"2"}


def test_while_a_run_has_the_session_the_change_waits_and_is_carried_out_behind_it(
    administrator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, KEPT)
    run = with_engine.keep_later(key, "count", 1)
    eventually(lambda: has_the_key(with_engine.admin, "Keeping", key) == run)
    outcome = do(administrator, with_engine, key, StateVerb.CHANGE, name="private", value=b"2")
    assert outcome is StateOutcome.WAITS
    assert state_of(with_engine, key) == KEPT
    with_engine.ingress.resolve_awakeable(awakeable_id(run), "go on")
    eventually(lambda: state_of(with_engine, key)["private"] == b"2")


def test_a_change_that_waited_is_dropped_when_the_run_has_changed_the_state(
    administrator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, KEPT)
    run = with_engine.keep_later(key, "count", 5)
    eventually(lambda: has_the_key(with_engine.admin, "Keeping", key) == run)
    do(administrator, with_engine, key, StateVerb.CLEAR)
    with_engine.ingress.resolve_awakeable(awakeable_id(run), "go on")
    eventually(lambda: state_of(with_engine, key)["count"] == b"5")
    last = with_engine.start("greet", key)
    eventually(lambda: with_engine.status(last) == "completed")
    assert state_of(with_engine, key) == KEPT | {"count": b"5"}


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": "  "}, "reason"), ({"typed": "keeping"}, "typed"), ({"typed": ""}, "typed")]
)
def test_without_a_reason_or_confirmation_nothing_is_done(
    administrator: User, with_engine: Engine, key: str, given: dict[str, str], field: str
) -> None:
    put(with_engine, key, KEPT)
    with pytest.raises(InvalidInput) as refused:
        do(administrator, with_engine, key, StateVerb.CLEAR, **given)
    assert refused.value.field == field
    assert state_of(with_engine, key) == KEPT
    assert codes() == []


def test_who_may_look_and_steer_changes_nothing(operator: User, with_engine: Engine, key: str) -> None:
    put(with_engine, key, KEPT)
    with pytest.raises(NotAllowed):
        do(operator, with_engine, key, StateVerb.CLEAR)
    assert state_of(with_engine, key) == KEPT


def test_more_than_the_engine_takes_is_not_tried(administrator: User, with_engine: Engine, key: str) -> None:
    kept = {f"{part}": b"x" * (MOST_SENT // 2) for part in range(2)} | {"2": b"x", "3": b"x"}
    put(with_engine, key, kept)
    for verb, name in ((StateVerb.REMOVE, "2"), (StateVerb.CHANGE, "3")):
        with pytest.raises(TooLarge):
            do(administrator, with_engine, key, verb, name=name, value=b"1")
    assert state_of(with_engine, key) == kept
    assert codes() == []


def test_what_is_large_is_removed_and_cleared_since_only_what_stays_is_sent(
    administrator: User, with_engine: Engine, key: str
) -> None:
    kept = {"large": "x" * 1_500_000, "other": 1}
    keep(with_engine, key, kept)
    assert do(administrator, with_engine, key, StateVerb.REMOVE, name="large") is StateOutcome.DONE
    assert state_of(with_engine, key) == {"other": b"1"}
    keep(with_engine, key, kept)
    assert do(administrator, with_engine, key, StateVerb.CHANGE, name="large", value=b"2") is StateOutcome.DONE
    keep(with_engine, key, kept)
    assert do(administrator, with_engine, key, StateVerb.CLEAR) is StateOutcome.DONE
    assert state_of(with_engine, key) == {}


def test_what_is_large_waits_for_the_run_that_has_the_session_as_anything_does(
    administrator: User, with_engine: Engine, key: str
) -> None:
    keep(with_engine, key, {"large": "x" * 1_500_000, "count": 1})
    kept = state_of(with_engine, key)
    run = with_engine.keep_later(key, "count", 1)
    eventually(lambda: has_the_key(with_engine.admin, "Keeping", key) == run)
    assert do(administrator, with_engine, key, StateVerb.CLEAR) is StateOutcome.WAITS
    assert state_of(with_engine, key) == kept
    with_engine.ingress.resolve_awakeable(awakeable_id(run), "go on")
    eventually(lambda: state_of(with_engine, key) == {})


def test_what_is_read_for_a_change_is_bounded(
    administrator: User, with_engine: Engine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(with_engine, key, KEPT)
    monkeypatch.setattr("operations.selectors.session_state.MOST_READ", 8)
    with pytest.raises(TooLarge):
        do(administrator, with_engine, key, StateVerb.CLEAR, seen="any")


def test_what_is_read_in_parts_is_the_same_as_what_is_read_at_once(
    with_engine: Engine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(with_engine, key, KEPT)
    whole = now(with_engine, key)
    monkeypatch.setattr("operations.selectors.session_state._AT_A_TIME", 3)
    assert now(with_engine, key) == whole


def test_what_the_engine_refuses_is_recorded_with_its_words(
    administrator: User, with_engine: Engine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.rules.state.MOST_SENT", 20_000_000)
    put(with_engine, key, KEPT)
    with pytest.raises(Refused, match="limit"):
        do(administrator, with_engine, key, StateVerb.CHANGE, name="count", value=b"1" * 12_000_000)
    assert codes() == ["session.change.asked", "session.change.answered"]
    assert OperatorEvent.objects.get(code="session.change.answered").data["status"] == 413


def test_what_the_engine_did_not_answer_stays_open_in_the_record(
    administrator: User,
    with_engine: Engine,
    key: str,
    ask_engine_at: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(with_engine, key, KEPT)
    nobody = StateKeeper("http://127.0.0.1:9", timeout=0.5)
    monkeypatch.setattr("operations.services.session_state.state_keeper", lambda: nobody)
    with pytest.raises(Unheard):
        do(administrator, with_engine, key, StateVerb.CLEAR)
    assert codes() == ["session.clear.asked", "session.clear.unheard"]
    seen = now(with_engine, key).seen(None)
    ask_engine_at("http://127.0.0.1:9")
    with pytest.raises(Unheard):
        do(administrator, with_engine, key, StateVerb.CLEAR, seen=seen)
    assert len(codes()) == 2
