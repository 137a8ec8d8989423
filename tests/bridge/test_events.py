"""What happened beside a journal, asked of the engine itself."""

import pytest

from restate_bridge.attempts import failed_attempts, last_failures
from restate_bridge.events import suspensions
from restate_bridge.ids import MalformedId, awakeable_id
from restate_bridge.journal import read_stretch
from restate_bridge.listed_run import RunState
from restate_bridge.long_texts import MOST
from restate_bridge.runs import find_many_listed
from tests.engine.engine import Engine
from tests.house.house import eventually


def test_failed_attempts_say_what_failed_where_and_with_which_trace(engine: Engine) -> None:
    run = engine.start_busy("stumble", None)
    attempts = eventually(lambda: failed_attempts(engine.admin, run, at_most=10))
    latest = attempts[0]
    assert "no luck at all" in latest.message
    assert (latest.code, latest.step_name, latest.step_kind) == (500, "a step that stumbles", "Run")
    lines = read_stretch(engine.admin, run, begin=0, at_most=9).lines
    assert [line.name for line in lines if line.index == latest.step] == ["a step that stumbles"]
    assert "ValueError: no luck at all" in latest.stack
    eventually(lambda: len(failed_attempts(engine.admin, run, at_most=10)) > 1)
    newest_first = failed_attempts(engine.admin, run, at_most=10)
    assert newest_first == sorted(newest_first, key=lambda attempt: attempt.at, reverse=True)
    assert len(failed_attempts(engine.admin, run, at_most=1)) == 1
    engine.do(run, "kill")


def test_of_a_long_failure_the_beginning_is_read_and_the_step(engine: Engine) -> None:
    run = engine.start_busy("stumble", 100_000)
    (latest, *_) = eventually(lambda: failed_attempts(engine.admin, run, at_most=10))
    assert latest.message.startswith("ValueError('no luck at all!!!")
    assert latest.message.endswith("!!!…")
    assert (latest.code, latest.step, latest.step_name, latest.step_kind) == (500, 5, "a step that stumbles", "Run")
    assert latest.left_out > 80_000
    assert 10_000 < len(latest.message) < 20_000
    assert len(eventually(lambda: last_failures(engine.admin, [run]))[run]) <= MOST
    assert len(find_many_listed(engine.admin, [run])[run].failure) <= MOST + 1
    engine.do(run, "kill")


@pytest.mark.parametrize("longer", [0, 100_000])
def test_a_run_that_the_engine_paused_tells_what_it_failed_with_last(engine: Engine, longer: int) -> None:
    run = engine.start_busy("give_up", longer)
    eventually(lambda: engine.state(run) is RunState.PAUSED)
    attempts = failed_attempts(engine.admin, run, at_most=10)
    # Of like ones in a row the engine keeps one; the last stands with the pause.
    assert len(attempts) >= 2
    assert all(attempt.message.startswith("ValueError('no luck at all") for attempt in attempts)
    assert {(attempt.code, attempt.step, attempt.step_kind) for attempt in attempts} == {(500, 1, "Run")}
    assert last_failures(engine.admin, [run])[run].startswith("ValueError('no luck at all")


def test_a_run_that_somebody_paused_after_a_failure_tells_of_none(engine: Engine) -> None:
    run = engine.start_busy("stumble", None)
    eventually(lambda: failed_attempts(engine.admin, run, at_most=10))
    engine.do(run, "pause")
    eventually(lambda: engine.state(run) is RunState.PAUSED)
    assert last_failures(engine.admin, [run]) == {run: ""}


def test_the_text_of_a_failed_step_is_not_read_with_the_steps_when_it_is_long(engine: Engine) -> None:
    run = engine.start_busy("fail_at_length", 100_000)
    eventually(lambda: engine.state(run) is RunState.FAILED)
    lines = read_stretch(engine.admin, run, begin=0, at_most=9)
    failed = [line for line in (*lines.lines, *lines.completions.values()) if line.is_failure]
    assert len(failed) == 2
    assert all(line.has_unread_failure and line.size > 100_000 for line in failed)
    assert len(find_many_listed(engine.admin, [run])[run].failure) == MOST + 1


def test_a_run_without_failures_has_none(engine: Engine) -> None:
    assert failed_attempts(engine.admin, engine.start_waiting(), at_most=10) == []


def test_since_when_it_waits_for_each_awakeable_is_told(engine: Engine) -> None:
    run = engine.start_waiting("wait_twice")
    first = suspensions(engine.admin, run, begin=0, until=None, at_most=9)
    assert (set(first), first[17].after) == ({1, 17}, 0)
    engine.ingress.resolve_awakeable(awakeable_id(run), "go on")
    eventually(lambda: 18 in suspensions(engine.admin, run, begin=0, until=None, at_most=9))
    both = suspensions(engine.admin, run, begin=0, until=None, at_most=9)
    signal = next(line for line in read_stretch(engine.admin, run, begin=0, at_most=9).lines if line.signal == 17)
    assert both[17] == first[17]
    assert both[18].after == signal.index
    assert 18 not in suspensions(engine.admin, run, begin=0, until=signal.index, at_most=9)
    assert 17 not in suspensions(engine.admin, run, begin=signal.index, until=None, at_most=9)
    assert engine.state(run) is RunState.WAITING


def test_what_is_no_id_is_refused(engine: Engine) -> None:
    with pytest.raises(MalformedId):
        failed_attempts(engine.admin, "x' OR 'a'='a", at_most=1)
