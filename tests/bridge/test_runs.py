"""Lists of runs, asked of the engine itself."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from restate_bridge.attempts import last_failures
from restate_bridge.deployments import latest_revisions, list_deployments
from restate_bridge.listed_run import ENDED, ListedRun, RunState, target_of
from restate_bridge.run_counts import count_runs, queued_behind
from restate_bridge.run_filters import RunFilter
from restate_bridge.runs import find_many_listed, list_runs
from tests.engine.engine import Engine
from tests.house.house import eventually

HOSTILE = ["it's '; DROP", 'a "quoted" one', "back\\slash", "\uc138\uc158 \U0001f600", "100%_", "--", "a/b?c#d"]


@pytest.fixture
def key() -> str:
    """A key that no other test has."""
    return f"runs-{secrets.token_hex(4)}"


def listed(engine: Engine, **wanted: object) -> list[ListedRun]:
    return list_runs(engine.admin, RunFilter(**wanted), after=None, at_most=100)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("handler", "delay", "state"),
    [
        ("nap", "", RunState.ASLEEP),
        ("call", "", RunState.ASLEEP),
        ("fail", "", RunState.RETRYING),
        ("end", "", RunState.FAILED),
        ("greet", "", RunState.COMPLETED),
        ("greet", "1h", RunState.SCHEDULED),
    ],
)
def test_each_run_is_in_the_state_that_people_call_it(
    engine: Engine, key: str, handler: str, delay: str, state: RunState
) -> None:
    run = engine.start(handler, key, delay=delay)
    eventually(lambda: engine.state(run) == state)
    (found,) = listed(engine, words=run, states={state})
    assert (found.id, found.service, found.handler, found.key) == (run, "Restless", handler, key)
    assert listed(engine, words=run, states=set(RunState) - {state}) == []
    assert bool(found.scheduled_for) == bool(delay)


def test_a_run_that_waits_for_somebody_names_its_awakeable(engine: Engine) -> None:
    run = engine.start_waiting()
    (found,) = listed(engine, words=run)
    assert (found.state, found.awakeables) == (RunState.WAITING, [17])
    engine.do(run, "pause")
    eventually(lambda: engine.state(run) == RunState.PAUSED)
    engine.do(run, "kill")
    eventually(lambda: engine.state(run) == RunState.KILLED)
    cancelled = engine.start_waiting()
    engine.do(cancelled, "cancel")
    eventually(lambda: engine.state(cancelled) == RunState.CANCELLED)


def test_a_run_that_is_tried_again_and_again_stays_retrying_and_tells_of_its_tries(engine: Engine, key: str) -> None:
    run = engine.start("fail", key)

    def tried() -> ListedRun | None:
        found = listed(engine, words=run, states={RunState.RETRYING})
        # The engine calls it ready by then, as it calls a healthy one. While it is being tried there is no next time.
        if not found or found[0].next_try_at is None or engine.status(run) != "ready":
            return None
        return found[0] if found[0].attempts > 2 else None

    found = eventually(tried)
    assert found is not None
    assert found.next_try_at is not None
    assert found.next_try_at > datetime.now(UTC) - timedelta(minutes=1)
    assert last_failures(engine.admin, [run]) == {run: f"ValueError('no luck with {key}')"}
    assert last_failures(engine.admin, []) == {}
    engine.do(run, "kill")


@pytest.mark.parametrize("status", ["backing-off", "ready"])
def test_a_run_that_is_paused_between_its_tries_is_paused(engine: Engine, key: str, status: str) -> None:
    run = engine.start("fail", key)
    # After some tries the engine calls it ready.
    eventually(lambda: find_many_listed(engine.admin, [run])[run].attempts > 1 and engine.status(run) == status)
    engine.do(run, "pause")
    eventually(lambda: engine.status(run) == "paused")
    assert engine.state(run) is RunState.PAUSED
    engine.do(run, "resume")
    eventually(lambda: engine.state(run) is RunState.RETRYING)
    engine.do(run, "kill")
    eventually(lambda: engine.state(run) is RunState.KILLED)


def test_a_run_that_failed_some_times_and_got_on_has_ended(engine: Engine, key: str) -> None:
    run = engine.start("stumble_on", key)
    eventually(lambda: engine.status(run) == "completed")
    assert engine.state(run) is RunState.COMPLETED


def test_each_word_is_found_as_a_list_shows_it(engine: Engine, key: str) -> None:
    run = engine.start("nap", key)
    shown = [f"Restless / {key}", f"{key} nap", f"nap  {key.upper()}", run[:20], f"{run[:8]}…{run[-6:]}", run]
    for words in shown:
        assert run in [found.id for found in listed(engine, words=words)], words
    for words in (f"Waiting / {key}", f"{key} greet", f"{run[:8]}…nothing", f"{run} nothing", "inv_nothing"):
        assert listed(engine, words=words) == [], words


def test_what_goes_on_is_listed_by_itself_newest_first_and_page_by_page(engine: Engine, key: str) -> None:
    runs = [engine.start("nap", f"{key}-{number}") for number in range(5)]
    ended = engine.start("greet", f"{key}-ended")
    eventually(lambda: engine.state(ended) == RunState.COMPLETED)
    # Of those that began in the same millisecond the id decides.
    made = find_many_listed(engine.admin, runs)
    runs.sort(key=lambda run: (made[run].created_at, run))
    assert [run.id for run in listed(engine, words=key)] == runs[::-1]
    first = list_runs(engine.admin, RunFilter(words=key), after=None, at_most=2)
    second = list_runs(engine.admin, RunFilter(words=key), after=first[-1].place, at_most=2)
    third = list_runs(engine.admin, RunFilter(words=key), after=second[-1].place, at_most=2)
    assert [run.id for run in (*first, *second, *third)] == runs[::-1]
    assert list_runs(engine.admin, RunFilter(words=key), after=third[-1].place, at_most=2) == []
    assert [run.id for run in listed(engine, words=key, states=ENDED)] == [ended]


def test_a_list_is_narrowed_by_whatever_stands_in_an_address(engine: Engine, key: str) -> None:
    run = engine.start("nap", key)
    eventually(lambda: engine.state(run) == RunState.ASLEEP)
    (found,) = listed(engine, key=key)
    now = datetime.now(UTC)
    for fitting in (
        {"service": "Restless"},
        {"handler": "nap"},
        {"deployment": found.deployment},
        {"words": key.upper()},
        {"words": "less/runs-"},
        {"created_before": now + timedelta(hours=1)},
    ):
        assert [one.id for one in listed(engine, key=key, **fitting)] == [run], fitting
    for other in (
        {"service": "Restles"},
        {"handler": "na"},
        {"deployment": "dp_1nope"},
        {"words": "elsewhere"},
        {"created_before": now - timedelta(hours=1)},
    ):
        assert listed(engine, **{"key": key, **other}) == [], other


@pytest.mark.parametrize("odd", HOSTILE)
def test_no_text_gets_out_of_its_place_in_a_question(engine: Engine, key: str, odd: str) -> None:
    named = f"{key} {odd}"
    run = engine.start("greet", named)
    other = engine.start("greet", key)
    eventually(lambda: engine.state(run) == engine.state(other) == RunState.COMPLETED)
    assert [one.id for one in listed(engine, key=named, states=ENDED)] == [run]
    assert [one.key for one in listed(engine, words=named.upper(), states=ENDED)] == [named]
    assert listed(engine, service=odd, handler=odd, deployment=odd) == []


def test_runs_are_counted_by_their_states_whatever_tab_is_shown(engine: Engine, key: str) -> None:
    for number in range(3):
        engine.start("nap", f"{key}-{number}")
    engine.start("greet", f"{key}-greet")

    def counted() -> dict[RunState, int]:
        return count_runs(engine.admin, RunFilter(words=key, states={RunState.PAUSED}))

    eventually(lambda: counted() == {RunState.ASLEEP: 3, RunState.COMPLETED: 1})


def test_calls_queue_behind_the_run_that_has_the_key(engine: Engine, key: str) -> None:
    first = engine.start("nap", key)
    queued = [engine.start("greet", key) for _ in range(2)]
    eventually(lambda: queued_behind(engine.admin, [first, *queued]) == {first: 2})
    assert {engine.state(run) for run in queued} == {RunState.QUEUED}
    assert queued_behind(engine.admin, ["nonsense"]) == {}


def test_a_deployment_tells_its_services_and_their_revisions(engine: Engine) -> None:
    (deployment, *_) = list_deployments(engine.admin)
    assert {"Restless", "Waiting"} <= set(deployment.services)
    assert deployment.sdk.startswith("restate-sdk-python/")
    assert deployment.uri.startswith("http://127.0.0.1:")
    assert latest_revisions(list_deployments(engine.admin))["Restless"] == deployment.services["Restless"]


def test_how_many_stand_behind_a_place_is_counted(engine: Engine, key: str) -> None:
    runs = [engine.start("nap", f"{key}-{number}") for number in range(3)]
    eventually(lambda: {engine.state(run) for run in runs} == {RunState.ASLEEP})
    newest, *_ = listed(engine, words=key)
    assert count_runs(engine.admin, RunFilter(words=key)) == {RunState.ASLEEP: 3}
    assert count_runs(engine.admin, RunFilter(words=key), after=newest.place) == {RunState.ASLEEP: 2}


def test_a_run_is_named_by_its_service_its_key_where_it_has_one_and_its_handler(engine: Engine, key: str) -> None:
    engine.start("nap", key)
    (run,) = listed(engine, key=key)
    assert run.target == f"Restless/{key}/nap"
    assert target_of("Mail", "", "send") == "Mail/send"
