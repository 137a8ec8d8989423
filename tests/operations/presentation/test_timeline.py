"""A journal as a timeline."""

from datetime import UTC, datetime, timedelta
from typing import Any

from operations.presentation.scale import Bar
from operations.presentation.step_kinds import KINDS, StepKind, kind_of
from operations.presentation.timeline import Step, timeline_of
from operations.selectors.run_page import RunPage
from operations.selectors.runs import RunRow
from restate_bridge.attempts import FailedAttempt
from restate_bridge.events import Suspension
from restate_bridge.journal import JournalLine, JournalStretch
from restate_bridge.listed_run import ListedRun, RunState

BEGAN = datetime(2026, 4, 24, 9, 0, tzinfo=UTC)
RUN = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


def after(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def command(index: int, kind: str, seconds: float, name: str = "", **outline: Any) -> JournalLine:
    return JournalLine(index, f"Command: {kind}", name, outline, 10, after(seconds))


def completion(index: int, known: int, seconds: float, *, failure: str = "") -> JournalLine:
    result = "Failure" if failure else "Success"
    outline = {"ty": {"Completion": "Run"}, "id": {"CompletionId": known}, "result": result}
    return JournalLine(index, "Notification: Run", "", outline, 10, after(seconds), failure)


def signal(index: int, number: int, seconds: float) -> JournalLine:
    outline = {"ty": "Signal", "id": {"SignalIndex": number}, "result": "Success"}
    return JournalLine(index, "Notification: Signal", "", outline, 10, after(seconds))


def steps(
    *lines: JournalLine,
    state: RunState = RunState.RUNNING,
    until: float = 100,
    awakeables: tuple[int, ...] = (),
    more: int | None = None,
    **page: Any,
) -> list[Step]:
    """Return the timeline of a run's journal, at a time after its beginning."""
    run = ListedRun(RUN, state, "Claims", "a", "ask", BEGAN, after(until), awakeables=awakeables)
    shown = [line for line in lines if line.completes is None]
    completions = {line.completes: line for line in lines if line.completes is not None}
    stretch = JournalStretch(shown, completions, more)
    return timeline_of(RunPage(RUN, RunRow(run), stretch=stretch, **page), after(until))


def test_a_step_lasts_from_its_command_to_its_completion() -> None:
    (step,) = steps(command(1, "Run", 10, "look it up", completion_id=4), completion(2, 4, 12.5))
    assert (step.kind, step.name, step.state, step.took) == (
        StepKind.STEP,
        "look it up",
        "done",
        timedelta(seconds=2.5),
    )
    assert step.answers == (2,)


def test_a_step_that_goes_on_is_open_and_of_a_run_that_has_ended_unfinished() -> None:
    line = command(1, "Run", 10, "look it up", completion_id=4)
    (going,) = steps(line)
    assert (going.state, going.ended, going.took) == ("open", None, None)
    assert going.bar is not None
    assert going.bar.is_open
    (left,) = steps(line, state=RunState.KILLED)
    assert left.state == "unfinished"


def test_a_step_that_failed_says_so() -> None:
    (step,) = steps(command(1, "Run", 1, "x", completion_id=4), completion(2, 4, 2, failure="it gave up"))
    assert (step.state, step.failure) == ("failed", "it gave up")


def test_a_call_lasts_until_its_result_and_leads_to_the_run_that_it_called() -> None:
    target = {"VirtualObject": {"name": "Mail", "key": "b", "handler": "send"}}
    outline: dict[str, Any] = {"invocation_id": RUN, "invocation_target": target}
    called = command(1, "Call", 1, "", invocation_id_completion_id=5, result_completion_id=6, **outline)
    (going,) = steps(called, completion(2, 5, 1.1))
    assert (going.kind, going.state, going.name, going.called) == (StepKind.CALL, "open", "Mail / b / send", RUN)
    (done,) = steps(called, completion(2, 5, 1.1), completion(3, 6, 4))
    assert (done.state, done.took) == ("done", timedelta(seconds=3))


def test_a_sleep_says_until_when() -> None:
    wakes = int(after(3_600).timestamp() * 1000)
    (step,) = steps(command(1, "Sleep", 1, completion_id=2, wake_up_time=wakes))
    assert (step.kind, step.state, step.until) == (StepKind.SLEEP, "open", after(3_600))
    (sent,) = steps(command(1, "OneWayCall", 1, invoke_time=0, invocation_id_completion_id=2), completion(2, 2, 1))
    assert (sent.state, sent.until) == ("done", None)


def test_state_takes_no_time_and_has_its_key_for_a_name() -> None:
    (step,) = steps(command(1, "SetState", 1, key="notes"))
    assert (step.kind, step.name, step.state, step.took) == (StepKind.WRITE, "notes", "done", None)


def test_a_wait_lasts_from_the_last_thing_done_before_it() -> None:
    lines = (command(1, "Run", 10, "announce", completion_id=1), completion(2, 1, 12), signal(3, 17, 80))
    (_, quick) = steps(*lines)
    assert (quick.kind, quick.began, quick.took) == (StepKind.WAIT, after(12), timedelta(seconds=68))
    (_, suspended) = steps(*lines, waits={17: Suspension(after=2, at=after(14))})
    assert suspended.began == after(12)


def test_of_two_waits_at_once_each_lasts_from_their_common_beginning() -> None:
    both = Suspension(after=1, at=after(10.5))
    timeline = steps(command(1, "SetState", 10), signal(2, 18, 40), signal(3, 17, 50), waits={17: both, 18: both})
    assert [step.took for step in timeline[1:]] == [timedelta(seconds=30), timedelta(seconds=40)]


def test_a_wait_that_goes_on_stands_behind_the_last_step_and_only_there() -> None:
    line = command(1, "SetState", 10)
    waits = {17: Suspension(after=1, at=after(12))}
    timeline = steps(line, state=RunState.WAITING, awakeables=(17,), waits=waits)
    assert [(step.kind, step.state) for step in timeline] == [(StepKind.WRITE, "done"), (StepKind.WAIT, "open")]
    assert timeline[-1].began == after(10)
    assert len(steps(line, state=RunState.WAITING, awakeables=(17,), waits=waits, more=1)) == 1


def test_a_cancellation_is_no_wait() -> None:
    (step,) = steps(signal(1, 1, 10))
    assert (step.kind, step.state, step.took) == (StepKind.CANCELLED, "failed", None)


def test_how_often_a_step_failed_stands_beside_it() -> None:
    failed = [FailedAttempt(after(number), "no luck", step=1) for number in (3, 2, 1)]
    (_, step) = steps(command(0, "Input", 0), command(1, "Run", 1, "x", completion_id=1), attempts=failed)
    assert step.failed_attempts == 3


def test_the_bars_of_a_run_that_has_ended_fill_its_time() -> None:
    timeline = steps(
        command(0, "Input", 0),
        *(command(1, "Run", 50, "x", completion_id=1), completion(2, 1, 75)),
        command(3, "Output", 100, result="Success"),
        state=RunState.COMPLETED,
    )
    assert [(step.bar.left, step.bar.length) for step in timeline if step.bar] == [(0, 6), (500, 250), (994, 6)]


def test_what_a_restart_took_along_is_older_than_the_run_and_has_its_bar_all_the_same() -> None:
    timeline = steps(command(0, "Input", -100), signal(1, 17, -20), waits={17: Suspension(after=1, at=after(5))})
    assert timeline[0].bar == Bar(0, 6)
    assert timeline[1].began == after(-100)


def test_the_bars_of_a_run_that_goes_on_stay_where_they_are_for_a_while() -> None:
    line = command(1, "Run", 10, "x", completion_id=1)
    assert steps(line, until=90)[0].bar == steps(line, until=100)[0].bar
    assert steps(line, until=90)[0].bar != steps(line, until=900)[0].bar


def test_what_the_engine_has_learned_since_is_an_entry_like_others() -> None:
    (step,) = steps(command(1, "SomethingNew", 1, "its name"))
    assert (step.kind, step.name, step.state) == (StepKind.OTHER, "its name", "done")
    assert kind_of(JournalLine(1, "Event: New", "", {}, 1, None)) is StepKind.OTHER
    assert set(KINDS) == set(StepKind)


def test_a_step_whose_time_nobody_knows_has_no_bar() -> None:
    (step,) = steps(JournalLine(1, "Command: SetState", "", {"key": "a"}, 1, None))
    assert (step.began, step.bar) == (None, None)


def test_a_sleep_for_longer_than_the_calendar_goes_has_no_end_to_show() -> None:
    beyond = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp() + 86_400 * 2) * 1000
    (step,) = steps(command(1, "Sleep", 10, wake_up_time=beyond, completion_id=1), state=RunState.ASLEEP)
    assert (step.state, step.until) == ("open", None)


def test_a_wait_that_nobody_answered_stays_when_its_run_has_ended() -> None:
    (_, wait) = steps(command(1, "SetState", 10), state=RunState.KILLED, waits={17: Suspension(1, after(14))})
    assert (wait.kind, wait.state, wait.began, wait.took) == (StepKind.WAIT, "unfinished", after(10), None)


def test_a_restart_waits_since_it_began_itself_though_its_steps_are_older() -> None:
    copied = command(1, "SetState", -600)
    (_, wait) = steps(copied, state=RunState.WAITING, awakeables=(17,), waits={17: Suspension(1, after(1))})
    assert wait.began == BEGAN
