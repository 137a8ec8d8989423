"""What is around a run, asked of the engine itself."""

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from embedded.ports import free_ports, listens
from restate_bridge.ids import MalformedId, awakeable_id
from restate_bridge.surroundings import Surroundings, surroundings_of
from tests.bridge.test_against_the_engine import NEVER_EXISTED
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.house.processes import Program, plain_environment


def start(engine: Engine, key: str, handler: str = "wait") -> str:
    """Start a run on a key and return its id."""
    url = f"{engine.server.ingress_url}/Waiting/{quote(key)}/{handler}/send"
    return str(httpx.post(url, trust_env=False).raise_for_status().json()["invocationId"])


def around(engine: Engine, run: str) -> Surroundings:
    found = surroundings_of(engine.admin, run)
    assert found is not None
    return found


@pytest.mark.parametrize("key", ["a plain key", "it's '; --"])
def test_calls_to_the_same_key_wait_behind_a_run_and_no_others(engine: Engine, key: str) -> None:
    run = start(engine, key)
    eventually(lambda: engine.status(run) == "suspended")
    assert around(engine, run).behind == 0
    for _ in range(3):
        start(engine, key)
    engine.start_waiting()
    eventually(lambda: around(engine, run).behind == 3)
    assert around(engine, run).later == 0


def test_a_run_that_went_ahead_on_the_same_key_is_a_later_one(engine: Engine) -> None:
    first, second = start(engine, "overtaken", "look"), start(engine, "overtaken", "look")
    eventually(lambda: engine.status(second) == "suspended")
    eventually(lambda: around(engine, first).later == 1)
    assert around(engine, second).later == 0
    engine.ingress.resolve_awakeable(awakeable_id(second), "seen")
    eventually(lambda: engine.status(second) == "completed")
    assert (around(engine, first).later, around(engine, first).behind) == (1, 0)


@pytest.fixture
def second_deployment(engine: Engine) -> Iterator[str]:
    """The same service at another address, as after an update; the first one is put back afterwards."""
    (port,) = free_ports(1)
    command = ["-m", "tests.engine.waiting_service", str(port)]
    with Program("waiting service, new", command, plain_environment(), lambda: listens(port)):
        yield f"http://127.0.0.1:{port}"


def test_a_run_stays_on_its_deployment_when_a_newer_one_comes(engine: Engine, second_deployment: str) -> None:
    run = engine.start_waiting()
    before = around(engine, run)
    assert before.deployment == before.newest_deployment != ""
    registered = engine.admin.register_deployment(second_deployment)["id"]
    try:
        now = around(engine, run)
        assert (now.deployment, now.newest_deployment) == (before.deployment, registered)
    finally:
        url = f"{engine.server.admin_url}/deployments/{registered}?force=true"
        httpx.delete(url, trust_env=False).raise_for_status()
    assert around(engine, run).newest_deployment == before.deployment


def test_a_run_that_the_engine_does_not_know_has_no_surroundings(engine: Engine) -> None:
    assert surroundings_of(engine.admin, NEVER_EXISTED) is None
    with pytest.raises(MalformedId):
        surroundings_of(engine.admin, "x' OR '1' = '1")
