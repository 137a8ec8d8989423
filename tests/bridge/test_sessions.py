"""Sessions and their state, asked of the engine itself."""

import secrets
from dataclasses import replace

import pytest

from restate_bridge.ids import awakeable_id
from restate_bridge.listed_run import RunState
from restate_bridge.runs import runs_of_key
from restate_bridge.session_state import StateKeeper, has_the_key, state_version
from restate_bridge.sessions import ListedSession, SessionFilter, list_sessions
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import put, state_of

HOSTILE = ["it's '; DROP", 'a "quoted" one', "back\\slash", "세션 \U0001f600", "100%_", "a/b?c#d&e=f", "", "x" * 5_000]


@pytest.fixture
def key() -> str:
    """A key that no other test has."""
    return f"sessions-{secrets.token_hex(4)}"


def listed(engine: Engine, **wanted: object) -> list[ListedSession]:
    # Other tests leave many behind.
    return list_sessions(engine.admin, SessionFilter(**wanted), after=None, at_most=10_000)  # type: ignore[arg-type]


def test_a_session_is_listed_with_what_runs_queues_and_is_kept_there(engine: Engine, key: str) -> None:
    put(engine, key, {"a": b"1", "session_store::x": b"{}"})
    (kept,) = listed(engine, words=key)
    assert (kept.service, kept.key, kept.names, kept.size, kept.has_conversation) == ("Keeping", key, 2, 3, True)
    assert (kept.latest, kept.state, kept.run, kept.going_on, kept.queued) == (None, None, "", 0, 0)
    run = engine.start("nap", key)
    waiting = [engine.start("greet", key) for _ in range(2)]
    eventually(lambda: engine.state(waiting[1]) is RunState.QUEUED)
    (busy,) = listed(engine, words=key, service="Restless")
    assert (busy.run, busy.state, busy.going_on, busy.queued) == (run, RunState.ASLEEP, 1, 2)
    assert busy.latest is not None
    assert [session.service for session in listed(engine, words=key)] == ["Restless", "Keeping"]
    assert [session.service for session in listed(engine, words=key, busy=True)] == ["Restless"]
    assert [session.service for session in listed(engine, words=key, talks=True)] == ["Keeping"]


@pytest.mark.parametrize("key", HOSTILE)
def test_a_key_may_be_any_text(engine: Engine, key: str) -> None:
    put(engine, key, {"it's": b"1", "": b"\xff\x00", "ü/\U0001f600": b"{}"}, "Waiting")
    (found,) = [session for session in listed(engine, words=key, service="Waiting") if session.key == key]
    assert found.names == 3
    assert state_of(engine, key, "Waiting") == {"it's": b"1", "": b"\xff\x00", "ü/\U0001f600": b"{}"}
    put(engine, key, {}, "Waiting")
    assert [session for session in listed(engine, service="Waiting") if session.key == key and session.names] == []


def test_pages_are_walked_from_place_to_place(engine: Engine, key: str) -> None:
    keys = [f"{key} ~{number}" for number in range(5)]
    for one in keys[:2]:
        put(engine, one, {"a": b"1"})
    for one in keys[2:]:
        engine.start("nap", one)
    wanted, walked, place = SessionFilter(words=key), [], None
    while found := list_sessions(engine.admin, wanted, after=place, at_most=2):
        walked += [session.key for session in found]
        place = found[-1].place
    assert walked == [*keys[:1:-1], *keys[:2]]


def test_the_run_that_has_the_key_is_known_and_the_queue_is_in_its_order(engine: Engine, key: str) -> None:
    assert has_the_key(engine.admin, "Restless", key) == ""
    run = engine.start("nap", key)
    eventually(lambda: has_the_key(engine.admin, "Restless", key) == run)
    calls = [engine.start("greet", key) for _ in range(4)]
    queued = {RunState.QUEUED}

    def queue() -> list[str]:
        found = runs_of_key(engine.admin, "Restless", key, states=queued, oldest_first=True, at_most=9)
        return [one.id for one in found]

    eventually(lambda: len(queue()) == 4)
    assert queue() == calls
    (first, *_) = runs_of_key(engine.admin, "Restless", key, states=set(RunState), at_most=9)
    assert first.id == calls[-1]


def test_a_run_of_a_service_is_in_no_session(engine: Engine) -> None:
    assert runs_of_key(engine.admin, "Counting", "", states=set(RunState), at_most=9) == []


def test_a_change_of_what_is_something_else_by_now_is_dropped_by_the_engine(engine: Engine, key: str) -> None:
    put(engine, key, {"count": b"1"})
    keeper = StateKeeper(engine.server.admin_url)
    assert keeper.replace("Keeping", key, {"count": b"2"}, version=state_version({"count": b"0"})) == 202
    assert keeper.replace("Keeping", key, {"count": b"3"}, version=state_version({"count": b"1"})) == 202
    eventually(lambda: state_of(engine, key) == {"count": b"3"})


def test_a_change_waits_for_the_run_that_has_the_key(engine: Engine, key: str) -> None:
    put(engine, key, {"count": b"1"})
    run = engine.keep_later(key, "other", 5)
    eventually(lambda: has_the_key(engine.admin, "Keeping", key) == run)
    keeper = StateKeeper(engine.server.admin_url)
    keeper.replace("Keeping", key, {"count": b"2"}, version=state_version({"count": b"1", "other": b"5"}))
    assert state_of(engine, key) == {"count": b"1"}
    engine.ingress.resolve_awakeable(awakeable_id(run), "go on")
    eventually(lambda: state_of(engine, key) == {"count": b"2"})


def test_places_tell_sessions_of_one_moment_apart(engine: Engine, key: str) -> None:
    put(engine, f"{key}-1", {"a": b"1"})
    put(engine, f"{key}-2", {"a": b"1"})
    first, second = listed(engine, words=key)
    assert (first.key, second.key) == (f"{key}-1", f"{key}-2")
    behind = replace(first.place, key=f"{key}-1")
    assert [one.key for one in list_sessions(engine.admin, SessionFilter(words=key), after=behind, at_most=9)] == [
        f"{key}-2"
    ]
