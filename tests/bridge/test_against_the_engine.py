"""What the product leans on, asked of the engine itself, so that an upgrade that changes it is noticed."""

import pytest

from restate_bridge.admin import Admin
from restate_bridge.errors import EngineRefused
from restate_bridge.health import Health
from restate_bridge.ids import awakeable_id, signal_index
from restate_bridge.introspection import Ending, arrived_signals, find_run, find_runs, read_journal
from tests.engine.engine import Engine
from tests.house.house import eventually

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


def arrived(engine: Engine, run: str) -> bool:
    return (run, 17) in arrived_signals(engine.admin, [run])


def test_an_awakeables_id_follows_from_its_runs(engine: Engine) -> None:
    for _ in range(5):
        run = engine.start_waiting()
        assert awakeable_id(run) == engine.noted_id(run)
        assert signal_index(engine.noted_id(run)) == 17


def test_resolving_wakes_the_run_and_the_signal_stands_in_its_journal(engine: Engine) -> None:
    run = engine.start_waiting()
    assert not arrived(engine, run)
    engine.ingress.resolve_awakeable(awakeable_id(run), "a token")
    eventually(lambda: engine.status(run) == "completed")
    assert arrived(engine, run)
    assert [entry.kind for entry in read_journal(engine.admin, run)][-1] == "Command: Output"


def test_rejecting_ends_the_wait_with_the_whole_text(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.ingress.reject_awakeable(awakeable_id(run), "two\nlines, 한국어")
    eventually(lambda: engine.status(run) == "completed")
    found = find_run(engine.admin, run)
    assert found is not None
    assert "two\nlines, 한국어" in found.failure


def test_202_is_no_proof_a_run_that_never_existed_gets_one_too(engine: Engine) -> None:
    engine.ingress.resolve_awakeable(awakeable_id(NEVER_EXISTED), "a token")
    assert find_run(engine.admin, NEVER_EXISTED) is None


def test_a_malformed_id_is_refused(engine: Engine) -> None:
    with pytest.raises(EngineRefused) as caught:
        engine.ingress.resolve_awakeable("nonsense", "a token")
    assert caught.value.status == 400


def test_the_first_completion_wins(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.ingress.resolve_awakeable(awakeable_id(run), "first")
    engine.ingress.resolve_awakeable(awakeable_id(run), "second")
    eventually(lambda: engine.status(run) == "completed")
    output = read_journal(engine.admin, run)
    results = [bytes(entry.body["result"]["Success"]) for entry in output if entry.kind == "Command: Output"]
    assert results == [rb'"\"first\""']


def test_a_killed_run_hears_nothing_and_its_journal_does_not_change(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.do(run, "kill")
    eventually(lambda: engine.status(run) == "completed")
    engine.ingress.resolve_awakeable(awakeable_id(run), "too late")
    assert not arrived(engine, run)


def test_a_waiting_run_can_be_paused_and_keeps_a_decision_until_it_is_resumed(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.do(run, "pause")
    eventually(lambda: engine.status(run) == "paused")
    engine.ingress.resolve_awakeable(awakeable_id(run), "kept")
    eventually(lambda: arrived(engine, run))
    assert engine.status(run) == "paused"
    engine.do(run, "resume")
    eventually(lambda: engine.status(run) == "completed")


def test_a_run_shows_how_it_has_ended(engine: Engine) -> None:
    killed, cancelled, completed, failed, waiting = runs = [engine.start_waiting() for _ in range(5)]
    engine.do(killed, "kill")
    engine.do(cancelled, "cancel")
    engine.ingress.resolve_awakeable(awakeable_id(completed), "a token")
    engine.ingress.reject_awakeable(awakeable_id(failed), "no")
    for run in runs[:4]:
        eventually(lambda run=run: engine.status(run) == "completed")  # type: ignore[misc]
    found = find_runs(engine.admin, [*runs, NEVER_EXISTED, "no id at all"])
    assert {run: seen.ending for run, seen in found.items()} == {
        killed: Ending.KILLED,
        cancelled: Ending.CANCELLED,
        completed: Ending.COMPLETED,
        failed: Ending.FAILED,
        waiting: None,
    }
    assert found[failed].failure == "[500] no"
    assert arrived_signals(engine.admin, runs) == {(completed, 17), (failed, 17), (cancelled, 1)}


def test_a_purged_run_is_one_that_the_engine_does_not_know(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.do(run, "kill")
    eventually(lambda: engine.status(run) == "completed")
    engine.do(run, "purge")
    eventually(lambda: find_runs(engine.admin, [run]) == {})


def test_a_restarted_run_names_the_one_before(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.do(run, "kill")
    eventually(lambda: engine.status(run) == "completed")
    again = engine.restart(run, 1)
    eventually(lambda: again in find_runs(engine.admin, [again]))
    assert find_runs(engine.admin, [again])[again].restarted_from == run


def test_no_runs_cost_no_query(engine: Engine) -> None:
    nowhere = Admin("http://127.0.0.1:9")
    assert find_runs(nowhere, []) == {}
    assert arrived_signals(nowhere, ["no id at all"]) == set()


def test_an_engine_that_is_there_has_no_problem_and_one_that_is_away_says_which_half_is(engine: Engine) -> None:
    assert Health(engine.server.ingress_url, engine.admin).problem() == ""
    assert Health("http://127.0.0.1:9", engine.admin).problem().startswith("The ingress: Restate can't be reached")
    gone = Health(engine.server.ingress_url, Admin("http://127.0.0.1:9"))
    assert gone.problem().startswith("The admin API: Restate can't be reached")
