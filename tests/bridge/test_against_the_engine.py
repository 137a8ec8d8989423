"""What the product leans on, asked of the engine itself, so that an upgrade that changes it is noticed."""

import pytest

from restate_bridge.errors import EngineRefused
from restate_bridge.ids import awakeable_id, signal_index
from restate_bridge.introspection import find_run, read_journal, signal_arrived
from tests.engine.engine import Engine
from tests.house.house import eventually

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


def test_an_awakeables_id_follows_from_its_runs(engine: Engine) -> None:
    for _ in range(5):
        run = engine.start_waiting()
        assert awakeable_id(run) == engine.noted_id(run)
        assert signal_index(engine.noted_id(run)) == 17


def test_resolving_wakes_the_run_and_the_signal_stands_in_its_journal(engine: Engine) -> None:
    run = engine.start_waiting()
    assert not signal_arrived(engine.admin, run, 17)
    engine.ingress.resolve_awakeable(awakeable_id(run), "a token")
    eventually(lambda: engine.status(run) == "completed")
    assert signal_arrived(engine.admin, run, 17)
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
    assert not signal_arrived(engine.admin, run, 17)


def test_a_waiting_run_can_be_paused_and_keeps_a_decision_until_it_is_resumed(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.do(run, "pause")
    eventually(lambda: engine.status(run) == "paused")
    engine.ingress.resolve_awakeable(awakeable_id(run), "kept")
    eventually(lambda: signal_arrived(engine.admin, run, 17))
    assert engine.status(run) == "paused"
    engine.do(run, "resume")
    eventually(lambda: engine.status(run) == "completed")
