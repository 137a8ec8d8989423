"""The runs around a run, asked of the engine itself."""

import secrets

from restate_bridge.listed_run import RunState
from restate_bridge.runs import find_many_listed, restarts_of, runs_called_by
from tests.engine.engine import Engine
from tests.house.house import eventually

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


def test_a_run_names_the_runs_that_it_called_and_these_name_it(engine: Engine) -> None:
    key = secrets.token_hex(4)
    run = engine.start_busy("delegate", 2, key=key)
    (child,) = eventually(lambda: runs_called_by(engine.admin, [run], at_most=9))
    (grandchild,) = eventually(lambda: runs_called_by(engine.admin, [child.id], at_most=9))
    assert (child.caller, child.key, grandchild.caller) == (run, f"{key}-2", child.id)
    eventually(lambda: engine.state(grandchild.id) is RunState.WAITING)
    both = runs_called_by(engine.admin, [run, child.id], at_most=9)
    assert [found.id for found in both] == [child.id, grandchild.id]
    assert len(runs_called_by(engine.admin, [run, child.id], at_most=1)) == 1
    assert runs_called_by(engine.admin, [grandchild.id, "nonsense"], at_most=9) == []
    assert runs_called_by(engine.admin, [], at_most=9) == []


def test_a_run_names_its_restarts_and_these_what_they_are_restarts_of(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.do(run, "cancel")
    eventually(lambda: engine.state(run) is RunState.CANCELLED)
    assert restarts_of(engine.admin, run, at_most=9) == []
    again = [engine.restart(run, 0), engine.restart(run, 1)]
    found = eventually(lambda: [one for one in [restarts_of(engine.admin, run, at_most=9)] if len(one) == 2])[0]
    assert [(one.id, one.restarted_from) for one in found] == [(new, run) for new in again]
    assert restarts_of(engine.admin, "nonsense", at_most=9) == []


def test_runs_are_found_by_their_ids_as_far_as_the_engine_knows_them(engine: Engine) -> None:
    run = engine.start_waiting()
    found = find_many_listed(engine.admin, [run, NEVER_EXISTED, "nonsense"])
    assert {known: one.state for known, one in found.items()} == {run: RunState.WAITING}
    assert find_many_listed(engine.admin, []) == {}
