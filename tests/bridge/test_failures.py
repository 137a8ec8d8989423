"""A run that keeps failing, asked of the engine itself: after some tries it is called ready, as a healthy one."""

from restate_bridge.failures import Failing, failing_of
from restate_bridge.introspection import find_run, read_journal
from tests.house.house import House, eventually
from tests.house.people import Person

HOTEL = "Please reimburse 1,600 USD for a hotel, two nights for the audit."


def failing(house: House, run: str) -> Failing | None:
    found = find_run(house.admin, run)
    assert found is not None
    return failing_of(house.admin, found, read_journal(house.admin, run))


def test_a_run_whose_agents_are_away_is_failing_whatever_the_engine_calls_it(house: House) -> None:
    run = house.ask(HOTEL, session="keeps-failing")
    request = house.request_of(run)
    eventually(lambda: house.run_status(run) == "suspended")
    assert failing(house, run) is None
    house.kill("agents")
    try:
        with Person(house, "reviewer") as reviewer:
            reviewer.decide(request["id"], "approve")
        eventually(lambda: house.run_status(run) == "ready")
        found = eventually(lambda: failing(house, run))
    finally:
        house.start("agents")
    assert found is not None
    assert "refused" in found.message
    house.wait_for_delivery(request["id"], "done", within=60)
    assert failing(house, run) is None
