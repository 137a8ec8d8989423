"""Three Restate servers, of which one dies while agents wait: every decision arrives all the same."""

from collections.abc import Iterator

import pytest

from restate_bridge.errors import EngineAway
from tests.house.house import House, eventually
from tests.house.people import Person

_AGENTS = 4


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a cluster; our processes know the first node alone."""
    with House(tmp_path_factory.mktemp("cluster"), nodes=3, COUNTERSIGN_DELIVERY_CHECK_SECONDS="1") as house:
        yield house


def reach(house: House, run: str, status: str) -> None:
    """Wait until a run has this status; while the nodes find each other again, some queries fail."""

    def look() -> bool:
        try:
            return house.run_status(run) == status
        except EngineAway:
            return False

    eventually(look, what=f"{run} to be {status}")


def waiting_agents(house: House, name: str) -> dict[str, tuple[str, int]]:
    """Return run and request by session, once every run is suspended."""
    sessions = [f"{name}-{number}" for number in range(_AGENTS)]
    runs = {session: house.ask("Please reimburse 1,900 USD for a hotel.", session=session) for session in sessions}
    for run in runs.values():
        reach(house, run, "suspended")
    return {session: (run, house.request_of(run)["id"]) for session, run in runs.items()}


def all_paid_once(house: House, agents: dict[str, tuple[str, int]]) -> None:
    for session, (run, request_id) in agents.items():
        house.wait_for_delivery(request_id, "done", within=60)
        reach(house, run, "completed")
        assert [payment["claim"]["amount"] for payment in house.payments(session)] == [1900]


@pytest.mark.parametrize("node", ["restate-2", "restate-3"])
def test_decisions_arrive_while_one_of_three_nodes_is_dead(house: House, node: str) -> None:
    agents = waiting_agents(house, node)
    house.kill(node)
    try:
        with Person(house, "reviewer") as reviewer:
            for _, request_id in agents.values():
                assert reviewer.decide(request_id, "approve").status_code == 200
        all_paid_once(house, agents)
    finally:
        house.start(node)


def test_decisions_wait_for_the_node_that_our_processes_know(house: House) -> None:
    agents = waiting_agents(house, "restate-1")
    house.kill("restate-1")
    try:
        with Person(house, "reviewer") as reviewer:
            for _, request_id in agents.values():
                assert reviewer.decide(request_id, "approve").status_code == 200
                assert house.delivery_of(request_id)["state"] == "queued"
    finally:
        house.start("restate-1")
    all_paid_once(house, agents)
