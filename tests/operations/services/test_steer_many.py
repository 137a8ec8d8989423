"""Steering many runs of the real engine at once."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from operations.errors import InvalidInput, NotAllowed, Unheard
from operations.models import OperatorEvent
from operations.rules.control import Obstacle, Verb
from operations.services.steer_many import MOST, Result, steer_runs
from operations.services.verbs import Steering
from restate_bridge.control import Answer, Control
from restate_bridge.errors import EngineAway
from restate_bridge.listed_run import RunState
from tests.engine.engine import Engine
from tests.operations.controls import NEVER_EXISTED, NOBODY_THERE, TooLate, recorded

CANCELLED = ["run.cancel.asked", "run.cancel.answered", "run.cancel.read"]


def do(operator: User, runs: list[str], verb: Verb, *, typed: str = "", reason: str = "all of them") -> list[Result]:
    return steer_runs(operator=operator, invocation_ids=runs, steering=Steering(verb, reason=reason, typed=typed))


def test_each_is_done_on_its_own_merits_and_has_its_own_lines_of_the_record(
    operator: User, with_engine: Engine
) -> None:
    runs = [with_engine.start_waiting() for _ in range(3)]
    do(operator, runs[:1], Verb.CANCEL)
    first, second, third, unknown = do(operator, [*runs, NEVER_EXISTED], Verb.CANCEL)
    assert first.obstacle is Obstacle.HAS_ENDED
    assert [second.state, third.state] == [RunState.CANCELLED] * 2
    assert [result.went_through for result in (first, second, third, unknown)] == [False, True, True, False]
    assert unknown.run is None
    assert recorded(runs[0]) == recorded(runs[1]) == recorded(runs[2]) == CANCELLED
    assert OperatorEvent.objects.filter(invocation_id=runs[2]).last().data["state"] == "cancelled"  # type: ignore[union-attr]


def test_many_restarts_name_the_new_runs(operator: User, with_engine: Engine) -> None:
    runs = [with_engine.start_waiting() for _ in range(2)]
    do(operator, runs, Verb.KILL, typed="2")
    results = do(operator, runs, Verb.RESTART, typed="2")
    assert all(with_engine.state(result.new_run) is RunState.WAITING for result in results)
    assert {result.state for result in results} == {RunState.WAITING}
    assert not {result.new_run for result in results} & set(runs)


@pytest.mark.parametrize(("typed", "reason", "field"), [("1", "why", "typed"), ("2", " ", "reason")])
def test_without_a_reason_or_their_number_none_is_killed(
    operator: User, with_engine: Engine, typed: str, reason: str, field: str
) -> None:
    runs = [with_engine.start_waiting() for _ in range(2)]
    with pytest.raises(InvalidInput) as refused:
        do(operator, runs, Verb.KILL, typed=typed, reason=reason)
    assert refused.value.field == field
    assert {with_engine.state(run) for run in runs} == {RunState.WAITING}


@pytest.mark.parametrize("runs", [[], [NEVER_EXISTED] * (MOST + 1)])
def test_none_or_too_many_are_refused(operator: User, runs: list[str]) -> None:
    with pytest.raises(InvalidInput):
        do(operator, runs, Verb.CANCEL)


def test_who_may_only_look_steers_none(viewer: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    with pytest.raises(NotAllowed):
        do(viewer, [run], Verb.CANCEL)
    assert with_engine.state(run) is RunState.WAITING


def test_an_engine_that_goes_away_half_way_leaves_the_rest_open_in_the_record(
    operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = sorted(with_engine.start_waiting() for _ in range(2))

    class Failing(Control):
        def cancel(self, invocation_id: str) -> Answer:
            if invocation_id == runs[1]:
                raise EngineAway("gone")
            return super().cancel(invocation_id)

    monkeypatch.setattr("operations.services.verbs.control", lambda: Failing(with_engine.server.admin_url))
    heard, unheard = do(operator, runs, Verb.CANCEL)
    assert (heard.state, unheard.unheard, unheard.problem) == (RunState.CANCELLED, "gone", "")
    assert not unheard.went_through
    assert recorded(runs[0]) == CANCELLED
    assert recorded(runs[1]) == ["run.cancel.asked", "run.cancel.unheard"]


def test_after_one_that_got_no_answer_none_is_tried(
    operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [with_engine.start_waiting() for _ in range(3)]
    asked: list[str] = []

    class Slow(Control):
        def cancel(self, invocation_id: str) -> Answer:
            asked.append(invocation_id)
            raise EngineAway("timed out")

    monkeypatch.setattr("operations.services.verbs.control", lambda: Slow(with_engine.server.admin_url))
    first, *others = do(operator, runs, Verb.CANCEL)
    assert asked == [runs[0]]
    assert (first.unheard, first.was_tried) == ("timed out", True)
    assert [(other.was_tried, other.went_through, other.unheard) for other in others] == [(False, False, "")] * 2
    assert recorded(runs[1]) == recorded(runs[2]) == []


def test_what_each_was_answered_is_on_record_before_the_next_is_asked(
    operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [with_engine.start_waiting() for _ in range(2)]

    class Stopped(Control):
        def cancel(self, invocation_id: str) -> Answer:
            if invocation_id == runs[1]:
                raise SystemExit
            return super().cancel(invocation_id)

    monkeypatch.setattr("operations.services.verbs.control", lambda: Stopped(with_engine.server.admin_url))
    with pytest.raises(SystemExit):
        do(operator, runs, Verb.CANCEL)
    assert recorded(runs[0]) == ["run.cancel.asked", "run.cancel.answered"]


def test_after_refusals_the_runs_are_read_as_they_are_by_then(
    operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_engine.start_waiting()

    monkeypatch.setattr("operations.services.verbs.control", lambda: TooLate(with_engine.server.admin_url))
    (refused,) = do(operator, [run], Verb.PAUSE)
    assert refused.problem
    assert refused.run is not None
    assert refused.run.state is refused.state is RunState.KILLED


def test_an_engine_that_is_away_is_asked_for_nothing(operator: User, ask_engine_at: Callable[[str], None]) -> None:
    ask_engine_at(NOBODY_THERE)
    with pytest.raises(Unheard):
        do(operator, [NEVER_EXISTED], Verb.CANCEL)
    assert not OperatorEvent.objects.exists()
