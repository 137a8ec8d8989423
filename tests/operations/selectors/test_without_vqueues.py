"""An engine whose scheduler feature is off."""

import secrets
from collections.abc import Callable

from operations.rules.control import Obstacle, Verb
from operations.selectors.run import run_to_steer
from restate_bridge.listed_run import RunState
from restate_bridge.run_filters import RunFilter
from restate_bridge.runs import list_runs, runs_of_key
from restate_bridge.session_state import has_the_key
from restate_bridge.sessions import SessionFilter, list_sessions
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import put


def test_a_run_that_waits_can_not_be_paused_and_it_is_said_why(
    engine_without_vqueues: Engine, ask_engine_at: Callable[[str], None], db: None
) -> None:
    ask_engine_at(engine_without_vqueues.server.admin_url)
    run = run_to_steer(engine_without_vqueues.start_waiting(), Verb.PAUSE)
    assert run is not None
    assert run.obstacles[Verb.PAUSE] is Obstacle.NEEDS_SCHEDULER
    assert run.obstacles[Verb.CANCEL] is None


def test_runs_are_listed_all_the_same(engine_without_vqueues: Engine) -> None:
    engine, key = engine_without_vqueues, f"older-{secrets.token_hex(4)}"
    failing, later, waiting = engine.start("fail", key), engine.start("greet", key, delay="1h"), engine.start_waiting()
    eventually(lambda: engine.state(failing) is RunState.RETRYING)
    assert engine.state(later) is RunState.SCHEDULED
    assert engine.state(waiting) is RunState.WAITING
    assert {run.id for run in list_runs(engine.admin, RunFilter(key=key), after=None, at_most=9)} == {failing, later}


def test_the_run_that_has_a_session_is_known_all_the_same_and_a_change_waits_for_it(
    engine_without_vqueues: Engine,
) -> None:
    older, key = engine_without_vqueues, f"older-{secrets.token_hex(4)}"
    put(older, key, {"count": b"1"})
    run = older.keep_later(key, "other", 5)
    eventually(lambda: has_the_key(older.admin, "Keeping", key) == run)
    calls = [older.keep_later(key, "other", 6) for _ in range(2)]
    queued = {RunState.QUEUED}
    eventually(
        lambda: (
            [one.id for one in runs_of_key(older.admin, "Keeping", key, states=queued, oldest_first=True, at_most=9)]
            == calls
        )
    )
    (session,) = list_sessions(older.admin, SessionFilter(words=key), after=None, at_most=9)
    assert (session.going_on, session.queued, session.names) == (1, 2, 1)
