"""Bringing code to the engine and taking it away, asked of the engine itself."""

import httpx
import pytest

from restate_bridge.admin import Admin
from restate_bridge.deployments import latest_revisions, list_deployments
from restate_bridge.errors import EngineAway, EngineRefused
from restate_bridge.ids import MalformedId, awakeable_id, is_deployment_id
from restate_bridge.introspection import find_run
from restate_bridge.listed_run import RunState
from restate_bridge.registration import Registrar, newest_services, services_of
from restate_bridge.run_counts import count_pinned, count_unpinned
from tests.engine.engine import Engine
from tests.engine.fixtures import newer_code
from tests.house.house import eventually

NOBODY_THERE = "http://127.0.0.1:9"


@pytest.fixture
def trying(engine: Engine) -> Registrar:
    """For dry runs alone: the engine is everybody's."""
    return Registrar(engine.server.admin_url)


@pytest.fixture
def registrar(fresh_engine: Engine) -> Registrar:
    return Registrar(fresh_engine.server.admin_url)


def test_a_dry_run_tells_what_would_be_and_changes_nothing(engine: Engine, trying: Registrar) -> None:
    before = list_deployments(engine.admin)
    with newer_code("newer") as uri:
        tried = trying.register(uri, force=False, dry_run=True)
    assert tried.is_new
    services = {service.name: service for service in tried.services}
    assert (services["Waiting"].revision, services["Waiting"].kind) == (2, "VirtualObject")
    assert set(services["Waiting"].handlers) == {"wait", "hurry", "look"}
    assert services["Fresh"].revision == 1
    assert list_deployments(engine.admin) == before


def test_new_runs_get_what_was_registered_last_and_old_ones_keep_what_they_have(
    fresh_engine: Engine, registrar: Registrar
) -> None:
    (old,) = list_deployments(fresh_engine.admin)
    waits = fresh_engine.start_waiting()
    with newer_code("all") as uri:
        new = registrar.register(uri, force=False, dry_run=False).deployment
        begun = fresh_engine.start_waiting()
        pinned = count_pinned(fresh_engine.admin)
        assert pinned == {known: {"Waiting": {RunState.WAITING: 1}} for known in (old.id, new)}
        for run in (waits, begun):
            fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "yes")
            eventually(lambda run=run: fresh_engine.status(run) == "completed")  # type: ignore[misc]
        assert [output(fresh_engine, run) for run in (waits, begun)] == ['"yes"', 'newer "yes"']
        assert count_pinned(fresh_engine.admin) == {}
        newest = newest_services(fresh_engine.admin)
        assert {name: service.revision for name, service in newest.items()} == latest_revisions(
            list_deployments(fresh_engine.admin)
        )


def output(engine: Engine, run: str) -> str:
    """Return what a run returned."""
    url = f"{engine.server.ingress_url}/restate/invocation/{run}/output"
    return str(httpx.get(url, trust_env=False).json())


def test_an_address_that_is_known_is_left_alone_unless_it_is_forced(fresh_engine: Engine, registrar: Registrar) -> None:
    (deployment,) = list_deployments(fresh_engine.admin)
    again = registrar.register(deployment.uri, force=False, dry_run=False)
    assert (again.is_new, again.deployment) == (False, deployment.id)
    assert {service.name: service.revision for service in again.services} == deployment.services
    forced = registrar.register(deployment.uri, force=True, dry_run=False)
    assert (forced.is_new, forced.deployment) == (False, deployment.id)
    assert {service.revision for service in services_of(fresh_engine.admin, deployment.id)} == {2}


def test_a_service_that_changes_its_kind_is_refused_unless_it_is_forced(trying: Registrar) -> None:
    with newer_code("other-kind") as uri:
        with pytest.raises(EngineRefused, match="META0006") as refused:
            trying.register(uri, force=False, dry_run=True)
        assert "Service type cannot be changed" in refused.value.said
        (service,) = trying.register(uri, force=True, dry_run=True).services
        assert service.kind == "Service"


@pytest.mark.parametrize("uri", [NOBODY_THERE, "nonsense", "", "ftp://x/y"])
def test_an_endpoint_that_is_none_is_refused_in_the_engines_words(trying: Registrar, uri: str) -> None:
    with pytest.raises(EngineRefused) as refused:
        trying.register(uri, force=False, dry_run=True)
    assert refused.value.said


def test_the_engines_own_address_is_no_endpoint(engine: Engine, trying: Registrar) -> None:
    with pytest.raises(EngineRefused, match="META0003"):
        trying.register(engine.server.admin_url, force=False, dry_run=True)


def test_no_answer_is_no_refusal() -> None:
    nobody = Registrar(NOBODY_THERE, timeout=0.5)
    with pytest.raises(EngineAway):
        nobody.register("http://127.0.0.1:1", force=False, dry_run=True)
    with pytest.raises(EngineAway):
        nobody.remove("dp_17Iksyk3QGM5JqYHPT2E76N")


def test_the_engine_removes_whatever_it_is_told_to_and_the_run_goes_on_no_more(
    fresh_engine: Engine, registrar: Registrar
) -> None:
    run = fresh_engine.start_waiting()
    (old,) = list_deployments(fresh_engine.admin)
    unforced = httpx.delete(f"{fresh_engine.server.admin_url}/deployments/{old.id}", trust_env=False)
    assert unforced.status_code == 501
    assert registrar.remove(old.id) == 202
    assert list_deployments(fresh_engine.admin) == []
    fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "yes")
    eventually(lambda: fresh_engine.status(run) == "ready")
    assert count_pinned(fresh_engine.admin)[old.id]
    with pytest.raises(EngineRefused) as refused:
        registrar.remove(old.id)
    assert refused.value.status == 404


def test_a_run_that_is_moved_to_code_with_other_steps_breaks_and_stays_there(
    fresh_engine: Engine, registrar: Registrar
) -> None:
    run = fresh_engine.start_waiting()
    (old,) = list_deployments(fresh_engine.admin)
    admin_url = fresh_engine.server.admin_url

    def resume(code: str) -> None:
        fresh_engine.do(run, "pause")
        eventually(lambda: fresh_engine.state(run) is RunState.PAUSED)
        url = f"{admin_url}/invocations/{run}/resume"
        httpx.patch(url, params={"deployment": code}, trust_env=False).raise_for_status()

    with newer_code("all") as uri:
        new = registrar.register(uri, force=False, dry_run=False).deployment
        resume("latest")
        eventually(lambda: fresh_engine.state(run) is RunState.RETRYING)
        assert pinned_to(fresh_engine, run) == new
        resume("keep")
        eventually(lambda: fresh_engine.state(run) is RunState.RETRYING)
        assert pinned_to(fresh_engine, run) == new
        resume(old.id)
        eventually(lambda: fresh_engine.state(run) is RunState.WAITING)
        assert pinned_to(fresh_engine, run) == old.id


def pinned_to(engine: Engine, run: str) -> str:
    """Return the id of the deployment that a run goes on with."""
    found = find_run(engine.admin, run)
    return found.deployment if found else ""


def test_a_run_is_pinned_by_its_first_step_and_goes_on_with_the_newest_code_until_then(
    fresh_engine: Engine, registrar: Registrar
) -> None:
    run = fresh_engine.start_waiting("look")
    assert pinned_to(fresh_engine, run) == ""
    assert count_pinned(fresh_engine.admin) == {}
    with newer_code("all") as uri:
        new = registrar.register(uri, force=False, dry_run=False).deployment
        fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "yes")
        eventually(lambda: fresh_engine.status(run) == "completed")
        assert (output(fresh_engine, run), pinned_to(fresh_engine, run)) == ('newer "yes"', new)


def test_what_has_taken_no_step_gets_the_newest_code_and_fails_where_that_lacks_its_handler(
    fresh_engine: Engine, registrar: Registrar
) -> None:
    def send(handler: str, key: str) -> str:
        url = f"{fresh_engine.server.ingress_url}/Waiting/{key}/{handler}/send"
        return str(httpx.post(url, trust_env=False).raise_for_status().json()["invocationId"])

    first, second, begun = send("wait", "one"), send("wait", "one"), send("wait_twice", "two")
    eventually(lambda: fresh_engine.status(begun) == fresh_engine.status(first) == "suspended")
    stranded = send("wait_twice", "one")
    eventually(lambda: fresh_engine.state(stranded) is RunState.QUEUED)
    assert count_unpinned(fresh_engine.admin, ["Waiting", "Restless"]) == {
        "Waiting": {"wait": {RunState.QUEUED: 1}, "wait_twice": {RunState.QUEUED: 1, RunState.WAITING: 1}}
    }
    assert count_unpinned(fresh_engine.admin, ["Restless"]) == count_unpinned(fresh_engine.admin, []) == {}
    with newer_code("newer") as uri:
        new = registrar.register(uri, force=False, dry_run=False).deployment
        for run in (first, begun):
            fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "yes")
        eventually(lambda: pinned_to(fresh_engine, second) == new)
        eventually(lambda: fresh_engine.state(second) is RunState.WAITING)
        fresh_engine.ingress.resolve_awakeable(awakeable_id(second), "yes")
        for run in (begun, stranded):
            eventually(lambda run=run: fresh_engine.state(run) is RunState.RETRYING)  # type: ignore[misc]
            assert pinned_to(fresh_engine, run) == ""


@pytest.mark.parametrize("odd", ["", "dp_1", "dp_1/../../services", "dp_17Iksyk3QGM5JqYHPT2E76N?force=false", "x"])
def test_what_is_no_id_never_gets_into_an_address(odd: str) -> None:
    assert not is_deployment_id(odd)
    with pytest.raises(MalformedId):
        Registrar(NOBODY_THERE).remove(odd)
    with pytest.raises(MalformedId):
        services_of(Admin(NOBODY_THERE), odd)


def test_a_deployment_tells_what_it_speaks(engine: Engine) -> None:
    (deployment, *_) = list_deployments(engine.admin)
    lowest, highest = deployment.protocol
    assert 1 <= lowest <= highest
    assert deployment.transport == "BidiStream"
