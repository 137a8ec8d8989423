"""Steering runs of the real engine, and the operators' record."""

import secrets
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import InternalError, ProgrammingError, connection, transaction

from operations.errors import InvalidInput, NoSuchRun, NotAllowed, NotPossible, OutOfReach, RestartedBefore, Unheard
from operations.models import OperatorEvent
from operations.rules.control import Obstacle, Unread, Verb
from operations.rules.roles import Permission
from operations.services.steer import Steered, steer_run
from operations.services.verbs import Steering
from restate_bridge.control import Answer, Control
from restate_bridge.listed_run import RunState
from restate_bridge.runs import restarts_of
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.controls import NEVER_EXISTED, NOBODY_THERE, TooLate, recorded


def do(
    operator: User, run: str, verb: Verb, *, typed: str = "", entry: int = 0, reason: str = "it has to be"
) -> Steered:
    steering = Steering(verb, reason=reason, typed=typed, entry=entry)
    return steer_run(operator=operator, invocation_id=run, steering=steering)


def test_a_waiting_run_is_paused_resumed_cancelled_restarted_and_purged(operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    assert do(operator, run, Verb.PAUSE).state is RunState.PAUSED
    assert do(operator, run, Verb.RESUME).state is RunState.WAITING
    assert do(operator, run, Verb.CANCEL).state is RunState.CANCELLED
    restarted = do(operator, run, Verb.RESTART, typed="Waiting")
    new = restarted.answer.new_run
    assert restarted.state is RunState.WAITING
    assert do(operator, run, Verb.PURGE).state is Unread.GONE
    assert do(operator, new, Verb.KILL, typed="Waiting").state is RunState.KILLED
    verbs = ("pause", "resume", "cancel", "restart", "purge")
    assert recorded(run) == [f"run.{verb}.{line}" for verb in verbs for line in ("asked", "answered", "read")]


@pytest.mark.parametrize("code", ["keep", "latest"])
def test_who_steers_runs_chooses_the_code_that_they_go_on_with(operator: User, with_engine: Engine, code: str) -> None:
    assert not operator.has_perm(Permission.MANAGE_DEPLOYMENT)
    run = with_engine.start_waiting()
    do(operator, run, Verb.PAUSE)
    steering = Steering(Verb.RESUME, reason="it has to be", deployment=code)
    assert steer_run(operator=operator, invocation_id=run, steering=steering).state is RunState.WAITING


def test_the_record_says_who_why_what_the_engine_answered_and_the_state_as_it_was_read_back(
    operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_waiting()
    do(operator, run, Verb.KILL, typed="Waiting", reason="the customer has left")
    asked, answered, read = OperatorEvent.objects.filter(invocation_id=run)
    assert asked.action == answered.action == read.action
    assert asked.actor == answered.actor == read.actor == "user:operator"
    assert asked.reason == "the customer has left"
    assert (asked.data["state"], asked.subject.split("/")[0]) == ("waiting", "Waiting")
    assert (answered.data["status"], read.data) == (200, {"state": "killed"})


def test_a_run_that_keeps_failing_is_tried_again_at_once(operator: User, with_engine: Engine) -> None:
    run = with_engine.start("fail", secrets.token_hex(4))
    eventually(lambda: with_engine.state(run) is RunState.RETRYING)
    assert do(operator, run, Verb.RETRY).answer.status == 200
    do(operator, run, Verb.KILL, typed="Restless")


@pytest.mark.parametrize(
    ("verb", "obstacle"),
    [(Verb.RESUME, Obstacle.NOT_PAUSED), (Verb.RESTART, Obstacle.GOES_ON), (Verb.PURGE, Obstacle.GOES_ON)],
)
def test_what_is_not_possible_now_is_not_tried(
    operator: User, with_engine: Engine, verb: Verb, obstacle: Obstacle
) -> None:
    run = with_engine.start_waiting()
    with pytest.raises(NotPossible) as refused:
        do(operator, run, verb, typed="Waiting")
    assert refused.value.obstacle is obstacle
    assert recorded(run) == []


@pytest.mark.parametrize(("reason", "typed", "field"), [(" ", "Waiting", "reason"), ("why", "waiting", "typed")])
def test_a_kill_without_a_reason_or_confirmation_is_none(
    operator: User, with_engine: Engine, reason: str, typed: str, field: str
) -> None:
    run = with_engine.start_waiting()
    with pytest.raises(InvalidInput) as refused:
        do(operator, run, Verb.KILL, reason=reason, typed=typed)
    assert refused.value.field == field
    assert with_engine.state(run) is RunState.WAITING


def test_who_may_only_look_steers_nothing(viewer: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    with pytest.raises(NotAllowed):
        do(viewer, run, Verb.CANCEL)
    assert with_engine.state(run) is RunState.WAITING


@pytest.mark.parametrize("run", [NEVER_EXISTED, "nonsense", ""])
def test_a_run_that_is_none_is_not_steered(operator: User, with_engine: Engine, run: str) -> None:
    with pytest.raises(NoSuchRun):
        do(operator, run, Verb.CANCEL)


def test_what_the_engine_did_not_answer_stays_open_in_the_record(
    operator: User, with_engine: Engine, ask_engine_at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_engine.start_waiting()
    monkeypatch.setattr("operations.services.verbs.control", lambda: Control(NOBODY_THERE, timeout=0.5))
    with pytest.raises(Unheard):
        do(operator, run, Verb.CANCEL)
    assert recorded(run) == ["run.cancel.asked", "run.cancel.unheard"]
    ask_engine_at(NOBODY_THERE)
    with pytest.raises(OutOfReach):
        do(operator, run, Verb.CANCEL)
    assert len(recorded(run)) == 2


def test_a_restart_by_somebody_who_has_not_seen_the_last_one_is_none(operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    do(operator, run, Verb.KILL, typed="Waiting")
    first = do(operator, run, Verb.RESTART, typed="Waiting").answer.new_run
    with pytest.raises(RestartedBefore) as refused:
        do(operator, run, Verb.RESTART, typed="Waiting")
    assert [restart.id for restart in refused.value.restarts] == [first]
    assert recorded(run).count("run.restart.asked") == 1
    seen = Steering(Verb.RESTART, reason="once more", typed="Waiting", restarts=1)
    again = steer_run(operator=operator, invocation_id=run, steering=seen).answer.new_run
    assert [found.id for found in restarts_of(with_engine.admin, run, at_most=9)] == [first, again]


def test_what_was_answered_is_recorded_as_answered_though_nothing_could_be_read_back(
    operator: User, with_engine: Engine, ask_engine_at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_engine.start_waiting()

    class Heard(Control):
        def cancel(self, invocation_id: str) -> Answer:
            answer = super().cancel(invocation_id)
            ask_engine_at(NOBODY_THERE)
            return answer

    monkeypatch.setattr("operations.services.verbs.control", lambda: Heard(with_engine.server.admin_url))
    steered = do(operator, run, Verb.CANCEL)
    assert (steered.answer.status, steered.state) == (202, Unread.UNKNOWN)
    assert recorded(run) == ["run.cancel.asked", "run.cancel.answered", "run.cancel.read"]
    assert OperatorEvent.objects.filter(invocation_id=run).last().data["state"] == "unknown"  # type: ignore[union-attr]
    eventually(lambda: with_engine.state(run) is RunState.CANCELLED)


def test_what_the_engine_refuses_is_answered_with_its_words(operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    do(operator, run, Verb.CANCEL)
    refused = do(operator, run, Verb.RESTART, typed="Waiting", entry=99)
    assert refused.answer.is_refusal
    assert "Completions" in refused.answer.text
    assert OperatorEvent.objects.get(invocation_id=run, code="run.restart.answered").data["status"] == 400
    assert refused.state is RunState.CANCELLED


def test_after_a_refusal_the_run_is_read_as_it_is_by_then(
    operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_engine.start_waiting()

    monkeypatch.setattr("operations.services.verbs.control", lambda: TooLate(with_engine.server.admin_url))
    refused = do(operator, run, Verb.PAUSE)
    assert (refused.answer.is_refusal, refused.state) == (True, RunState.KILLED)
    assert OperatorEvent.objects.get(invocation_id=run, code="run.pause.read").data["state"] == "killed"


def test_a_paused_run_that_is_cancelled_ends_and_is_not_resumed_first(operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    assert do(operator, run, Verb.PAUSE).state is RunState.PAUSED
    assert do(operator, run, Verb.CANCEL).state is RunState.CANCELLED


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_a_run_that_comes_to_nothing_is_read_back_ever_more_seldom_and_no_longer_than_a_while(
    operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf(Control):
        def resume(self, invocation_id: str, *, deployment: str = "keep") -> Answer:
            return Answer(202)

    run = with_engine.start_waiting()
    do(operator, run, Verb.PAUSE)
    monkeypatch.setattr("operations.services.verbs.control", lambda: Deaf(with_engine.server.admin_url))
    monkeypatch.setattr("operations.services.verbs._HEEDED_WITHIN", 2.0)
    monkeypatch.setattr("operations.services.verbs.time", clock := Clock())
    assert do(operator, run, Verb.RESUME).state is RunState.PAUSED
    assert clock.slept == pytest.approx([0.1, 0.2, 0.4, 0.8, 0.5])


@pytest.mark.parametrize(
    "change", ["UPDATE operations_operatorevent SET reason = ''", "DELETE FROM operations_operatorevent"]
)
def test_no_line_of_the_record_is_changed_or_deleted(operator: User, with_engine: Engine, change: str) -> None:
    do(operator, with_engine.start_waiting(), Verb.CANCEL)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
        connection.cursor().execute(change)
