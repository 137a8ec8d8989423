"""Each process is killed with -9 while requests wait; nothing is lost and nothing happens twice."""

import time

import pytest

from tests.house.house import House, eventually
from tests.house.people import Person

HOTEL = "Please reimburse 1,900 USD for a hotel, four nights at the trade fair."


def waiting(house: House, session: str) -> tuple[str, int]:
    """Start a run, and return it and its request once the run is suspended and holds no process."""
    run = house.ask(HOTEL, session=session)
    request = house.request_of(run)
    eventually(lambda: house.run_status(run) == "suspended")
    return run, request["id"]


def paid_once(house: House, session: str, run: str, request_id: int) -> None:
    house.wait_for_delivery(request_id, "done", within=60)
    eventually(lambda: house.run_status(run) == "completed")
    assert [payment["claim"]["amount"] for payment in house.payments(session)] == [1900]


def test_agents_killed_while_a_run_waits_go_on_after_the_decision_and_pay_once(house: House, reviewer: Person) -> None:
    run, request_id = waiting(house, "kill-agents")
    house.kill("agents")
    assert reviewer.decide(request_id, "approve").status_code == 200
    house.wait_for_delivery(request_id, "sent")
    # Longer than the courier's check: it must see that the decision waits in the journal, and not give it up.
    time.sleep(2.5)
    assert house.delivery_of(request_id)["state"] == "sent"
    assert not house.payments("kill-agents")
    house.start("agents")
    paid_once(house, "kill-agents", run, request_id)


@pytest.mark.parametrize("name", ["web", "courier", "restate", "postgres"])
def test_a_process_killed_while_requests_wait_loses_nothing(house: House, reviewer: Person, name: str) -> None:
    session = f"kill-{name}"
    run, request_id = waiting(house, session)
    house.kill(name)
    house.start(name)
    # The first page after a restart of PostgreSQL may meet a connection that died with it.
    eventually(lambda: reviewer.get(f"/requests/{request_id}/").status_code == 200)
    assert reviewer.decide(request_id, "approve").status_code == 200
    paid_once(house, session, run, request_id)


def test_a_decision_made_while_the_courier_is_dead_goes_out_when_it_is_back(house: House, reviewer: Person) -> None:
    run, request_id = waiting(house, "courier-dead")
    house.kill("courier")
    assert reviewer.decide(request_id, "approve").status_code == 200
    assert house.delivery_of(request_id)["state"] == "queued"
    house.start("courier")
    paid_once(house, "courier-dead", run, request_id)


def test_a_decision_made_while_the_engine_is_away_waits_for_it(house: House, reviewer: Person) -> None:
    run, request_id = waiting(house, "kill-engine-away")
    house.kill("restate")
    try:
        page = reviewer.decide(request_id, "approve")
        assert page.status_code == 200
        delivery = eventually(
            lambda: house.delivery_of(request_id) if house.delivery_of(request_id)["attempts"] else {}
        )
        assert delivery["state"] == "queued"
        assert "can't be reached" in delivery["last_error"]
    finally:
        house.start("restate")
    paid_once(house, "kill-engine-away", run, request_id)


def test_a_web_that_is_away_when_the_agent_announces_gets_the_announcement_later_and_once(
    house: House, reviewer: Person
) -> None:
    house.kill("web")
    try:
        run = house.ask(HOTEL, session="web-away")
        time.sleep(1)
    finally:
        house.start("web")
    request = house.request_of(run)
    assert len(house.rows("SELECT 1 FROM approvals_approvalrequest WHERE invocation_id = %s", run)) == 1
    assert reviewer.decide(request["id"], "approve").status_code == 200
    paid_once(house, "web-away", run, request["id"])
