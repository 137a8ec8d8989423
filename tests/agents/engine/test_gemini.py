"""The real Gemini class, through ADK and the real engine, against a local server that speaks Gemini's HTTP API."""

from collections.abc import Iterator

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.gemini import Gemini, environment
from tests.agents.engine.house import House
from tests.agents.engine.opening import open_house


@pytest.fixture(scope="module")
def gemini() -> Iterator[Gemini]:
    with Gemini() as gemini:
        yield gemini


@pytest.fixture(scope="module")
def gemini_house(gemini: Gemini, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("gemini"), environment(gemini), trial=False) as house:
        yield house


@pytest.fixture(autouse=True)
def _forgets(gemini: Gemini) -> None:
    gemini.forget()


def test_gemini_calls_the_gated_tool_and_hears_the_decision(gemini: Gemini, gemini_house: House) -> None:
    house = gemini_house
    turn = house.ask("I flew to Oslo for 1,800 EUR")
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    assert held.announcement.reason == "This needs a person."
    house.decide(awakeable_id, Outcome.APPROVED)
    assert turn.answer() == "It was approved."
    assert len(house.payments(turn.session)) == 1
    assert "a-key-for-nothing" not in house.agents.log
    path, asked = gemini.asked[0]
    assert path == "/v1beta/models/gemini-trial:generateContent"
    declared = [tool["name"] for tool in asked["tools"][0]["functionDeclarations"]]
    assert declared == ["check_eligibility", "decide_on_lost_receipt", "reimburse"]
    assert len(gemini.asked) == 2


def test_what_gemini_has_answered_is_not_asked_again_after_the_agents_died(gemini: Gemini, gemini_house: House) -> None:
    house = gemini_house
    turn = house.ask("I flew to Oslo for 1,800 EUR")
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.agents.kill()
    house.decide(awakeable_id, Outcome.APPROVED)
    house.agents.start()
    assert turn.answer() == "It was approved."
    assert len(gemini.asked) == 2


def test_after_a_cancelled_turn_gemini_gets_a_history_without_a_call_left_open(
    gemini: Gemini, gemini_house: House
) -> None:
    turn = gemini_house.ask("I flew to Oslo for 1,800 EUR")
    gemini_house.inbox.wait_for_request(turn.session)
    turn.cancel()
    turn.outcome()
    again = gemini_house.ask("Once more, please", turn.session)
    gemini_house.inbox.wait_for_request(turn.session, 2)
    again.cancel()
    _, asked = gemini.asked[-1]
    said = [(content["role"], [next(iter(part)) for part in content["parts"]]) for content in asked["contents"]]
    assert said == [
        ("user", ["text"]),
        ("model", ["text", "functionCall"]),
        ("user", ["functionResponse"]),
        ("model", ["text"]),
        ("user", ["text"]),
    ]
    assert asked["contents"][2]["parts"][0]["functionResponse"]["response"]["status"] == "cancelled"
