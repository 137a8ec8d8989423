"""A model that refuses, is late or says nonsense: asked again, then the run is paused and says why; nothing is lost."""

from collections.abc import Iterator

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.gemini import Gemini, candidate, environment, refusal
from tests.agents.engine.house import House, Turn
from tests.agents.engine.model_server import Trouble
from tests.agents.engine.opening import open_house
from tests.agents.engine.pausing import paused, resume

ATTEMPTS = 3
FLIGHT = "I flew to Oslo for 1,800 EUR"
BUSY = refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded for requests per minute.")
UNKNOWN_TOOL = {"role": "model", "parts": [{"functionCall": {"name": "pay_at_once", "args": {}}}]}
THOUGHT = {"role": "model", "parts": [{"text": "Hm.", "thought": True}]}
TROUBLES = {
    "asked too often": (BUSY, "gemini-trial answered with 429 (it is asked too often): "),
    "broken": (refusal(500, "INTERNAL", "An internal error."), "gemini-trial answered with 500: An internal error."),
    "away": (refusal(503, "UNAVAILABLE", "Overloaded."), "gemini-trial answered with 503: Overloaded."),
    "no JSON": (Trouble(body="<html>"), "gemini-trial could not be called: "),
    "late": (Trouble(seconds=3), "gemini-trial did not answer within 1 s"),
    "the wrong key": (refusal(401, "UNAUTHENTICATED", "No."), "gemini-trial answered with 401 (the key is refused)"),
    "nothing": (candidate(content={"role": "model"}, finishReason="STOP"), "gemini-trial gave an empty answer"),
    "a thought": (candidate(content=THOUGHT, finishReason="STOP"), "gemini-trial gave an empty answer"),
    "no candidate": (Trouble(), "gemini-trial gave an empty answer"),
    "held back": (candidate(finishReason="SAFETY"), "gemini-trial gave no answer: SAFETY"),
    "garbled": (candidate(finishReason="MALFORMED_FUNCTION_CALL"), "gemini-trial gave no answer: MALFORMED_FUNCTION"),
    "an unknown tool": (candidate(content=UNKNOWN_TOOL), "gemini-trial called 'pay_at_once', which is no tool"),
}


@pytest.fixture(scope="module")
def gemini() -> Iterator[Gemini]:
    with Gemini() as gemini:
        yield gemini


@pytest.fixture(scope="module")
def troubled(gemini: Gemini, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    more = environment(gemini) | {"AGENT_ATTEMPTS": str(ATTEMPTS), "AGENT_MODEL_TIMEOUT": "1"}
    with open_house(tmp_path_factory.mktemp("troubled"), more, trial=False) as house:
        yield house


@pytest.fixture(autouse=True)
def _forgets(gemini: Gemini) -> None:
    gemini.forget()


def finish(turn: Turn) -> None:
    awakeable_id, _ = turn.house.inbox.wait_for_request(turn.session)
    turn.house.decide(awakeable_id, Outcome.APPROVED)
    assert turn.answer() == "It was approved."
    assert len(turn.house.payments(turn.session)) == 1


def test_a_model_that_is_busy_for_a_moment_is_asked_again(gemini: Gemini, troubled: House) -> None:
    gemini.troubles = [BUSY, BUSY]
    finish(troubled.ask(FLIGHT))
    assert len(gemini.asked) == 4
    assert gemini.asked[0] == gemini.asked[1] == gemini.asked[2]


@pytest.mark.parametrize(("trouble", "why"), TROUBLES.values(), ids=TROUBLES.keys())
def test_one_that_stays_in_trouble_pauses_the_run_which_goes_on_where_it_was(
    gemini: Gemini, troubled: House, trouble: Trouble, why: str
) -> None:
    gemini.trouble = trouble
    turn = troubled.ask(FLIGHT)
    assert paused(turn).startswith(why)
    assert len(gemini.asked) == ATTEMPTS
    gemini.forget()
    resume(turn)
    finish(turn)
    assert turn.steps().count("call LLM") == 2


def test_trouble_after_a_decision_repeats_no_effect(gemini: Gemini, troubled: House) -> None:
    turn = troubled.ask(FLIGHT)
    awakeable_id, _ = troubled.inbox.wait_for_request(turn.session)
    gemini.trouble = BUSY
    troubled.decide(awakeable_id, Outcome.APPROVED)
    assert "429" in paused(turn)
    assert len(troubled.payments(turn.session)) == 1
    gemini.forget()
    resume(turn)
    assert turn.answer() == "It was approved."
    assert len(troubled.payments(turn.session)) == 1


def test_neither_the_key_nor_the_conversation_is_in_the_log(gemini: Gemini, troubled: House) -> None:
    gemini.trouble = TROUBLES["the wrong key"][0]
    paused(troubled.ask("I flew to a secret place for 1,800 EUR"))
    assert "secret place" not in troubled.agents.log
    assert "a-key-for-nothing" not in troubled.agents.log
