"""Steering runs through the admin API."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from restate_bridge.control import Control
from restate_bridge.deployments import list_deployments
from restate_bridge.errors import EngineAway
from restate_bridge.ids import MalformedId, awakeable_id
from restate_bridge.introspection import find_run
from restate_bridge.listed_run import RunState
from restate_bridge.registration import Registrar
from restate_bridge.runs import find_listed
from tests.engine.engine import Engine
from tests.engine.fixtures import engine_in, newer_code
from tests.house.house import eventually

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "kill", "purge", "restart"])
@pytest.mark.parametrize("odd", ["", "nonsense", f"{NEVER_EXISTED}/../../deployments", "inv_1?x=y"])
def test_what_is_no_id_never_gets_into_an_address(verb: str, odd: str) -> None:
    with pytest.raises(MalformedId):
        getattr(Control("http://127.0.0.1:9"), verb)(odd)


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "kill", "purge", "restart"])
def test_a_run_that_is_not_there_is_refused_in_the_engines_words(engine: Engine, verb: str) -> None:
    answer = getattr(Control(engine.server.admin_url), verb)(NEVER_EXISTED)
    assert (answer.is_refusal, answer.status) == (True, 404)
    assert answer.text


def test_a_restart_names_the_new_run(engine: Engine) -> None:
    control, run = Control(engine.server.admin_url), engine.start_waiting()
    assert not control.cancel(run).is_refusal
    eventually(lambda: engine.state(run) is RunState.CANCELLED)
    answer = control.restart(run, entry=1)
    assert answer.new_run != run
    eventually(lambda: engine.state(answer.new_run) is RunState.WAITING)
    assert control.kill(answer.new_run).status == 200


def test_no_answer_is_no_refusal() -> None:
    with pytest.raises(EngineAway):
        Control("http://127.0.0.1:9", timeout=0.5).kill(NEVER_EXISTED)


@pytest.mark.parametrize("odd", ["", "dp_1", "newest", "dp_17Iksyk3QGM5JqYHPT2E76N&x=y"])
def test_code_that_is_none_never_gets_into_an_address(odd: str) -> None:
    with pytest.raises(MalformedId):
        Control("http://127.0.0.1:9").resume(NEVER_EXISTED, deployment=odd)


@pytest.fixture(params=["true", "false"], ids=["with-vqueues", "without-vqueues"])
def either_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine for one test, with the scheduler that can pause what waits, and one without."""
    with engine_in(tmp_path / "restate", {"RESTATE_EXPERIMENTAL_ENABLE_VQUEUES": request.param}) as engine:
        yield engine


def code_of(engine: Engine, run: str) -> str:
    """Return the id of the deployment that a run is pinned to."""
    found = find_run(engine.admin, run)
    return found.deployment if found else ""


def test_a_run_that_waits_is_moved_at_once_and_waits_again_for_the_same_answer(either_engine: Engine) -> None:
    engine, control = either_engine, Control(either_engine.server.admin_url)
    run, asleep = engine.start_waiting(), engine.start("nap", "asleep")
    eventually(lambda: engine.state(asleep) is RunState.ASLEEP)
    noted = engine.noted_id(run)
    with newer_code("same") as uri:
        new = Registrar(engine.server.admin_url).register(uri, force=False, dry_run=False).deployment
        for moved, state in ((run, RunState.WAITING), (asleep, RunState.ASLEEP)):
            assert control.resume(moved, deployment="latest").status == 200
            eventually(lambda moved=moved: code_of(engine, moved) == new)  # type: ignore[misc]
            eventually(lambda moved=moved, state=state: engine.state(moved) is state)  # type: ignore[misc]
        found = find_listed(engine.admin, run)
        assert found is not None
        assert found.awakeables == [17]
        assert engine.noted_id(run) == noted == awakeable_id(run)
        engine.ingress.resolve_awakeable(noted, "yes")
        eventually(lambda: engine.state(run) is RunState.COMPLETED)


def test_a_run_that_is_moved_to_code_with_other_steps_fails_there_and_is_paused_to_be_taken_back(
    either_engine: Engine,
) -> None:
    engine, control = either_engine, Control(either_engine.server.admin_url)
    (old,), run = list_deployments(engine.admin), engine.start_waiting()
    with newer_code("all") as uri:
        Registrar(engine.server.admin_url).register(uri, force=False, dry_run=False)
        assert control.resume(run, deployment="latest").status == 200
        eventually(lambda: engine.state(run) is RunState.RETRYING)
        assert control.pause(run).status in (200, 202)
        eventually(lambda: engine.state(run) is RunState.PAUSED)
        assert control.resume(run, deployment=old.id).status == 200
        eventually(lambda: engine.state(run) is RunState.WAITING)
        assert code_of(engine, run) == old.id
