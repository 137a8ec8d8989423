"""Agents that ask other agents: at the same time, wherever they are served, and whatever becomes of one of them."""

from collections.abc import Iterator

import pytest

from embedded.ports import free_ports
from restate_bridge.contract import Outcome
from tests.agents.engine.house import Agents, House, Turn
from tests.agents.engine.opening import open_house
from tests.agents.stand_in_inbox import Held, wait_for

DISPUTE = "2,300 EUR at Nightfall Electronics is not mine"
CONSULT = 'consult {"services": ["Trial", "Weather"], "message": "transfer {\\"amount\\": 5}"}'


def requests_of(turn: Turn, number: int) -> dict[str, tuple[str, Held]]:
    """Wait until a case has asked so often, and return its requests by tool."""
    inbox = turn.house.inbox
    asked = wait_for(
        lambda: len(inbox.of_case(turn.invocation_id)) >= number and inbox.of_case(turn.invocation_id), "it"
    )
    return {held.announcement.tool: (awakeable_id, held) for awakeable_id, held in asked or []}


def settle(turn: Turn, **outcomes: Outcome) -> str:
    """Decide what a dispute asks for, and return the letter."""
    for number, tools in enumerate((["request_slip", "freeze_card"], ["refund"])):
        asked = requests_of(turn, 2 + number)
        for tool in tools:
            turn.house.decide(asked[tool][0], outcomes.get(tool, Outcome.APPROVED))
    return turn.answer()


def test_specialists_work_at_the_same_time_and_what_they_ask_is_one_case(house: House) -> None:
    turn = house.ask(DISPUTE, service="Dispute")
    asked = requests_of(turn, 2)
    runs = {held.announcement.run.service: held.announcement.run for _, held in asked.values()}
    assert sorted(runs) == ["Evidence", "Fraud"]
    assert {(run.case_run, run.case_name) for run in runs.values()} == {(turn.invocation_id, f"Dispute/{turn.session}")}
    assert {held.announcement.requester for _, held in asked.values()} == {"alice"}
    assert settle(turn).startswith("Dear customer")
    refund = requests_of(turn, 3)["refund"][1].announcement
    assert (refund.run.case_run, refund.run.case_name) == (turn.invocation_id, f"Dispute/{turn.session}")
    assert "it looks like fraud, the card is frozen" in refund.reason


def test_a_run_that_works_alone_is_no_case(house: House) -> None:
    turn = house.ask("Please reimburse 1,800 EUR for a flight to Oslo")
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    assert (held.announcement.run.case_run, held.announcement.run.case_name) == ("", "")
    house.decide(awakeable_id, Outcome.REJECTED)
    turn.answer()


def test_one_that_is_cancelled_is_told_as_failed_and_the_others_are_heard(house: House) -> None:
    turn = house.ask(CONSULT, service="Trial")
    [(awakeable_id, held)] = requests_of(turn, 1).values()
    house.steer(held.announcement.run.invocation_id, "cancel")
    answer = turn.answer()
    assert '{"service": "Trial", "status": "failed", "answer": "", "error": "cancelled"}' in answer
    assert '{"service": "Weather", "status": "answered", "answer": "' in answer
    assert house.inbox.wait_to_hear(awakeable_id, "withdraw") == {"reason": "The run was cancelled."}


def test_one_that_is_killed_is_told_as_failed(house: House) -> None:
    turn = house.ask(CONSULT, service="Trial")
    [(_, held)] = requests_of(turn, 1).values()
    house.steer(held.announcement.run.invocation_id, "kill")
    assert '"status": "failed", "answer": "", "error": "killed"' in turn.answer()


def test_who_cancels_the_coordinator_cancels_those_who_work_for_it(house: House) -> None:
    turn = house.ask(DISPUTE, service="Dispute")
    asked = requests_of(turn, 2)
    turn.cancel()
    assert turn.outcome().status_code == 409
    for awakeable_id, _ in asked.values():
        assert house.inbox.wait_to_hear(awakeable_id, "withdraw") == {"reason": "The run was cancelled."}


def test_a_letter_is_written_by_another_agent_of_the_same_run(house: House) -> None:
    turn = house.ask(DISPUTE, service="Dispute")
    assert "We can't refund it: No reason was given." in settle(turn, refund=Outcome.REJECTED)
    authors = [entry["author"] for entry in house.history(turn.session, "Dispute")]
    assert authors[-1] == "letter_agent"
    again = house.ask("Thank you", turn.session, "Dispute")
    assert "Which one is it?" in again.answer()


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Agents]]:
    here = {"AGENTS_SERVICES": "Dispute,Policy,Evidence"}
    with open_house(tmp_path_factory.mktemp("parted"), here, trial=False) as house:
        remote = house.agents.beside(free_ports(1)[0], AGENTS_SERVICES="Fraud")
        remote.start()
        remote.register(house.admin_url)
        yield house, remote
        remote.stop()


class TestInAnotherDeployment:
    def test_a_specialist_is_asked_wherever_it_is_served(self, parted: tuple[House, Agents]) -> None:
        house, _ = parted
        turn = house.ask(DISPUTE, service="Dispute")
        assert "We refund 2,300.00 EUR" in settle(turn)
        sql = "SELECT DISTINCT pinned_deployment_id AS at FROM sys_invocation WHERE target_service_name = '{}'"
        served = [house.query(sql.format(service))[0]["at"] for service in ("Dispute", "Fraud")]
        assert len(set(served)) == 2

    def test_one_that_is_away_is_waited_for(self, parted: tuple[House, Agents]) -> None:
        house, remote = parted
        remote.kill()
        turn = house.ask(DISPUTE, service="Dispute")
        assert "request_slip" in requests_of(turn, 1)
        remote.start()
        assert "We refund 2,300.00 EUR" in settle(turn)
