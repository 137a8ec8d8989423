"""An upgrade with approvals pending: the old runs finish on the old code, new ones run on the new, none breaks."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from embedded.ports import free_ports, listens
from restate_bridge.deployments import Deployment, list_deployments
from restate_bridge.introspection import find_runs, read_journal
from restate_bridge.listed_run import RunState
from restate_bridge.runs import find_listed
from tests.house.house import House, eventually
from tests.house.people import Person
from tests.house.processes import Program

PENDING = 20
HOTEL = "Please reimburse 1,{} USD for a hotel, two nights during the upgrade."
NEW_STEP = "look for the same claim"
TOGETHER = 120.0


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of this test's own, whose agents suspend at every wait: the old code replays all that came before."""
    with House(tmp_path_factory.mktemp("upgrade"), AGENT_INACTIVITY_TIMEOUT="0") as house:
        yield house


@pytest.fixture
def second_version(house: House) -> Iterator[str]:
    """The samples' second version beside the first, and its address."""
    (port,) = free_ports(1)
    env = house.env | {"AGENTS_BIND": f"127.0.0.1:{port}", "AGENTS_VERSION": "2"}
    with Program("agents, version 2", ["-m", "agents"], env, lambda: listens(port)):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def administrator(house: House) -> Iterator[Person]:
    """Who may do everything, at the console."""
    with Person(house, "admin") as person:
        yield person


@pytest.fixture
def reviewer(house: House) -> Iterator[Person]:
    """Who decides."""
    with Person(house, "reviewer") as person:
        yield person


def register(person: Person, uri: str) -> None:
    """Register an address through the console's pages: try it, look, confirm."""
    plan = person.send("/deployments/register/", {"uri": uri})
    assert "Claims <span" in plan.text, plan.text
    assert "Nothing that goes on breaks" in plan.text
    seen = re.findall(r'name="seen" value="(\w+)"', plan.text)[0]
    asked = {"uri": uri, "seen": seen, "reason": "version 2 looks for claims that were paid before"}
    assert "Registered." in person.send("/deployments/register/", asked).text


def remove(person: Person, deployment: Deployment) -> httpx.Response:
    """Ask the console to remove a deployment, with all that it asks for."""
    typed = deployment.uri.partition("//")[2].rstrip("/")
    return person.send(f"/deployments/{deployment.id}/remove/", {"reason": "all have finished", "typed": typed})


def steps(house: House, run: str) -> list[str]:
    """Return the names of a run's journaled steps."""
    return [entry.name for entry in read_journal(house.admin, run) if entry.kind == "Command: Run"]


def completed(house: House, runs: list[str]) -> Callable[[], bool]:
    return lambda: all(found.status == "completed" for found in find_runs(house.admin, runs).values())


def test_twenty_pending_approvals_finish_on_the_code_that_asked_for_them(
    house: House, administrator: Person, reviewer: Person, second_version: str
) -> None:
    (old,) = list_deployments(house.admin)
    asked = {house.ask(HOTEL.format(500 + n), session=f"upgrade-{n}"): f"upgrade-{n}" for n in range(PENDING)}
    requests = {run: house.request_of(run) for run in asked}
    eventually(lambda: all(state(house, run) is RunState.WAITING for run in asked), what="all to wait", within=TOGETHER)

    register(administrator, second_version)
    new = next(deployment for deployment in list_deployments(house.admin) if deployment.id != old.id)
    refused = remove(administrator, old)
    assert (refused.status_code, f"{PENDING} runs go on with it" in refused.text) == (409, True)
    assert old.id in {deployment.id for deployment in list_deployments(house.admin)}

    begun = house.ask(HOTEL.format(700), session="upgrade-new")
    newer = house.request_of(begun)
    assert "It was not paid before." in newer["reason"]
    assert not any("paid before" in request["reason"] for request in requests.values())

    for request in (*requests.values(), newer):
        assert reviewer.decide(request["id"], "approve").status_code == 200
    eventually(completed(house, [*asked, begun]), within=TOGETHER, what="every run to end")
    check(house, {run: (session, old) for run, session in asked.items()} | {begun: ("upgrade-new", new)})

    eventually(lambda: "is drained" in guide_of(administrator) or "Remove http" in guide_of(administrator))
    gone = remove(administrator, old)
    assert "The deployment is removed." in gone.text
    assert [deployment.id for deployment in list_deployments(house.admin)] == [new.id]
    recorded = house.rows("SELECT code FROM operations_operatorevent WHERE code LIKE 'deployment.%%' ORDER BY id")
    assert [line["code"] for line in recorded] == [
        f"deployment.{verb}.{line}" for verb in ("register", "remove") for line in ("asked", "answered")
    ]


def state(house: House, run: str) -> RunState | None:
    found = find_listed(house.admin, run)
    return found.state if found else None


def guide_of(person: Person) -> str:
    return person.get("/deployments/guide/").text


def check(house: House, runs: dict[str, tuple[str, Deployment]]) -> None:
    """Check that each run ended well, with the code it began with, after the steps of that code, and paid once."""
    found = find_runs(house.admin, list(runs))
    wrong: dict[str, Any] = {}
    for run, (session, deployment) in runs.items():
        took_new_step = NEW_STEP in steps(house, run)
        seen = (found[run].failure, found[run].deployment, took_new_step, len(house.payments(session)))
        expected = ("", deployment.id, session == "upgrade-new", 1)
        if seen != expected:
            wrong[session] = (seen, steps(house, run))
    assert wrong == {}
