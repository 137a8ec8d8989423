"""A specialist in a deployment of its own, by the commands of docs/operations.md, and a case that it works on."""

import json
import shlex
import sys
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from agents.service import SERVICES
from embedded.ports import free_ports, listens
from restate_bridge.runs import runs_called_by
from tests.docs.pages import ROOT, blocks
from tests.house.house import House, eventually
from tests.house.people import Person
from tests.house.processes import Program

DISPUTE: Final = "2,300 EUR at Nightfall Electronics is not mine"
COMMANDS: Final = {block.mark: block.text for block in blocks(ROOT / "docs" / "operations.md", "sh") if block.mark}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of these tests' own: its specialist moves away."""
    with House(tmp_path_factory.mktemp("elsewhere")) as house:
        yield house


@pytest.fixture(scope="module")
def reviewer(house: House) -> Iterator[Person]:
    """Who decides."""
    with Person(house, "reviewer") as person:
        yield person


def specialist(house: House, command: str, here: dict[str, str], port: int) -> Program:
    """Return the process that a command starts, in the environment of the house."""
    words = [here.get(word, word) for word in shlex.split(command)]
    first = words.index(sys.executable)
    set_before = dict(word.split("=", 1) for word in words[:first])
    return Program("specialist", words[first + 1 :], house.env | set_before, lambda: listens(port))


def register(command: str, here: dict[str, str]) -> None:
    """Do what a call of curl does."""
    words = shlex.split(command)
    [url] = [here[word] for word in words if word in here]
    body = json.loads(words[words.index("-d") + 1])
    httpx.post(url, json={"uri": here[body["uri"]]}, trust_env=False, timeout=30).raise_for_status()


@pytest.mark.parametrize(("serve", "tell"), [("serve", "register"), ("try_serve", "try_register")])
def test_a_specialist_is_served_elsewhere_by_the_commands_on_the_page(
    house: House, reviewer: Person, serve: str, tell: str
) -> None:
    [port] = free_ports(1)
    address, admin = f"http://127.0.0.1:{port}", f"{house.env['RESTATE_ADMIN_URL']}/deployments"
    here = {
        "python": sys.executable,
        ".venv/bin/python": sys.executable,
        "AGENTS_BIND=0.0.0.0:9080": f"AGENTS_BIND=127.0.0.1:{port}",
        "AGENTS_PORT=9082": f"AGENTS_PORT={port}",
        "http://restate:9070/deployments": admin,
        "http://localhost:9070/deployments": admin,
        "http://fraud:9080": address,
        "http://127.0.0.1:9082": address,
    }
    with specialist(house, COMMANDS[serve], here, port):
        register(COMMANDS[tell], here)
        run = house.ask(DISPUTE, session=f"elsewhere-{serve}", service="Dispute")
        asked: set[str] = set()
        for tools in ({"request_slip", "freeze_card"}, {"refund"}):
            eventually(lambda tools=tools: set(waiting(house, run)) == tools, what=f"{tools} are asked for")  # type: ignore[misc]
            for tool, request_id in waiting(house, run).items():
                asked.add(tool)
                assert reviewer.decide(request_id, "approve").status_code == 200
        eventually(lambda: house.run_status(run) == "completed", what="the case is settled")
        assert asked == {"request_slip", "freeze_card", "refund"}
        assert served_at(house, run)["Fraud"] == address
        assert served_at(house, run)["Evidence"] == house.env["AGENTS_URL"]


def test_the_rest_of_the_samples_is_named_in_full() -> None:
    [chosen] = [word for word in COMMANDS["rest"].split() if word.startswith("AGENTS_SERVICES=")]
    names = chosen.partition("=")[2].split(",")
    assert [*names, "Fraud"] == [service.name for service in SERVICES]


def waiting(house: House, run: str) -> dict[str, int]:
    """Return what a case asks people for at the moment."""
    sql = "SELECT id, tool FROM approvals_approvalrequest WHERE case_run = %s AND status = 'pending'"
    return {row["tool"]: row["id"] for row in house.rows(sql, run)}


def served_at(house: House, run: str) -> dict[str, str]:
    """Return the address where each run that a run has called was served, by its service."""
    addresses = {one["id"]: one["uri"].rstrip("/") for one in house.admin.get("/deployments")["deployments"]}
    called = runs_called_by(house.admin, [run], at_most=10)
    return {one.service: addresses[one.deployment] for one in called}
