"""A dry run: what gated tools would do is told and journaled; nobody is asked, and nothing is done."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from embedded.ports import free_ports
from tests.agents.engine.house import House
from tests.agents.engine.opening import open_house
from tests.agents.engine.results import response_of, told


@pytest.fixture(scope="module")
def rehearsing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("rehearsing"), {"COUNTERSIGN_DRY_RUN": "true"}) as house:
        yield house


@pytest.fixture(autouse=True)
def nobody_is_asked(rehearsing: House) -> Iterator[None]:
    yield
    assert not rehearsing.inbox.requests


def test_a_gated_tool_tells_what_it_would_do_and_whether_somebody_would_be_asked(rehearsing: House) -> None:
    for amount, asks in ((5, True), (1, False)):
        turn = rehearsing.ask(f'transfer {{"amount": {amount}}}', service="Trial")
        answer = told(turn)
        assert (answer["status"], answer["would_do"], answer["would_ask"]) == ("dry_run", f"Transfer {amount}", asks)
        assert answer["arguments"] == {"amount": amount}
        assert "dry run: transfer" in turn.steps()
        assert "transfer" not in turn.steps()


def test_several_at_once_and_teams_are_rehearsed_too(rehearsing: House) -> None:
    many = told(rehearsing.ask('transfer_many {"amounts": [2, 1]}', service="Trial"))
    assert [one["would_ask"] for one in many] == [True, False]
    # Teams are asked whatever the amount.
    arguments = json.dumps({"amount": 1, "teams": ["finance", "security"], "needs": "all"})
    agreed = told(rehearsing.ask(f"agree {arguments}", service="Trial"))
    assert (agreed["status"], agreed["would_ask"], agreed["teams"]) == ("dry_run", True, {})


def test_a_question_is_answered_by_nobody(rehearsing: House) -> None:
    turn = rehearsing.ask('ask_a_person {"question": "Now?", "choices": []}', service="Trial")
    assert response_of(turn) == {"status": "dry_run"}
    claims = rehearsing.ask("Please reimburse 1,800 EUR for a flight to Oslo")
    assert claims.outcome().status_code == 200
    assert not rehearsing.payments(claims.session)


def test_what_is_neither_true_nor_false_stops_the_agents_at_start() -> None:
    [port] = free_ports(1)
    environment = {"COUNTERSIGN_DRY_RUN": "yes", "AGENTS_BIND": f"127.0.0.1:{port}"}
    ended = subprocess.run(
        [sys.executable, "-m", "agents"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "COUNTERSIGN_DRY_RUN: 'yes' is neither true nor false" in ended.stderr
