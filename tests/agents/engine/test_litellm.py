"""A model by its LiteLLM name, through ADK's real class and the real engine, against a local server in its place."""

from collections.abc import Iterator

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.chat_completions import (
    ARGUMENTS,
    KEY,
    NAME,
    ChatCompletions,
    calling,
    completion,
    environment,
    refusal,
)
from tests.agents.engine.house import House, Turn
from tests.agents.engine.model_server import CLAIM, Trouble
from tests.agents.engine.opening import open_house
from tests.agents.engine.pausing import paused, resume

ATTEMPTS = 3
FLIGHT = "I flew to Oslo for 1,800 EUR"
BUSY = refusal(429, "rate_limit_error", "Quota exceeded for requests per minute.")
BROKEN = refusal(500, "server_error", "An internal error.")
AWAY = refusal(503, "server_error", "Overloaded.")
HALF = ARGUMENTS[:20]
LOST = "Arguments for the following function calls were not a valid JSON object: reimburse"
TROUBLES = {
    "asked too often": (BUSY, "answered with 429 (it is asked too often): "),
    "broken": (BROKEN, "answered with 500: "),
    "away": (AWAY, "answered with 503: "),
    "the wrong key": (refusal(401, "invalid_request_error", "No."), "answered with 401 (the key is refused): "),
    "no JSON": (Trouble(body="<html>"), "answered with 500: "),
    "late": (Trouble(seconds=4), "did not answer within 2 s"),
    "nothing": (completion({"content": None}), "gave an empty answer"),
    "held back": (completion({"content": None}, "content_filter"), "gave no answer: SAFETY "),
    "an unknown tool": (calling("{}", tool="pay_at_once"), "called 'pay_at_once', which is no tool of the agent"),
    "half a call": (calling(HALF), f"gave no answer: MALFORMED_FUNCTION_CALL {LOST}"),
    "words, then half a call": (calling(HALF, words="Well."), f"gave no answer: MALFORMED_FUNCTION_CALL {LOST}"),
    "a call, then half of one": (calling(ARGUMENTS, HALF), f"gave no answer: MALFORMED_FUNCTION_CALL {LOST}"),
    "arguments that are a list": (calling("[1, 2]"), f"gave no answer: MALFORMED_FUNCTION_CALL {LOST}"),
    "a call that was cut off": (calling(HALF, words="Well.", why="length"), "gave no answer: MAX_TOKENS "),
}


@pytest.fixture(scope="module")
def model() -> Iterator[ChatCompletions]:
    with ChatCompletions() as model:
        yield model


@pytest.fixture(scope="module")
def by_name(model: ChatCompletions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    more = environment(model) | {"AGENT_ATTEMPTS": str(ATTEMPTS), "AGENT_MODEL_TIMEOUT": "2"}
    with open_house(tmp_path_factory.mktemp("litellm"), more, trial=False) as house:
        yield house


@pytest.fixture(autouse=True)
def _forgets(model: ChatCompletions) -> None:
    model.forget()


def finish(turn: Turn) -> None:
    awakeable_id, _ = turn.house.inbox.wait_for_request(turn.session)
    turn.house.decide(awakeable_id, Outcome.APPROVED)
    assert turn.answer() == "It was approved."
    assert [paid["claim"]["amount"] for paid in turn.house.payments(turn.session)] == [CLAIM["amount"]]


def test_it_calls_the_gated_tool_and_hears_the_decision(model: ChatCompletions, by_name: House) -> None:
    turn = by_name.ask(FLIGHT)
    _, held = by_name.inbox.wait_for_request(turn.session)
    assert held.announcement.reason == "This needs a person."
    finish(turn)
    assert model.keys == [f"Bearer {KEY}"] * 2
    (path, first), (_, second) = model.asked
    assert (path, first["model"], "stream" in first) == ("/v1/chat/completions", "trial", False)
    declared = [tool["function"]["name"] for tool in first["tools"]]
    assert declared == ["check_eligibility", "decide_on_lost_receipt", "reimburse"]
    assert [said["role"] for said in second["messages"]] == ["system", "user", "assistant", "tool"]
    assert second["messages"][2]["tool_calls"][0]["id"] == second["messages"][3]["tool_call_id"] == "call_0"


@pytest.mark.parametrize("troubles", [[BUSY, BUSY], [BROKEN, AWAY], [calling(HALF), calling(HALF, words="Well.")]])
def test_one_that_is_in_trouble_for_a_moment_is_asked_again_by_the_engine_alone(
    model: ChatCompletions, by_name: House, troubles: list[Trouble]
) -> None:
    model.troubles = [*troubles]
    finish(by_name.ask(FLIGHT))
    assert len(model.asked) == 4
    assert model.asked[0] == model.asked[1] == model.asked[2]


@pytest.mark.parametrize(("trouble", "why"), TROUBLES.values(), ids=TROUBLES.keys())
def test_one_that_stays_in_trouble_pauses_the_run_which_goes_on_where_it_was(
    model: ChatCompletions, by_name: House, trouble: Trouble, why: str
) -> None:
    model.trouble = trouble
    turn = by_name.ask(FLIGHT)
    assert paused(turn).startswith(f"{NAME} {why}")
    assert len(model.asked) == ATTEMPTS
    model.forget()
    resume(turn)
    finish(turn)
    assert turn.steps().count("call LLM") == 2


def test_neither_the_key_nor_the_conversation_is_in_the_log(model: ChatCompletions, by_name: House) -> None:
    model.trouble = TROUBLES["the wrong key"][0]
    paused(by_name.ask("I flew to a secret place for 1,800 EUR"))
    model.trouble = TROUBLES["words, then half a call"][0]
    paused(by_name.ask("I flew to a secret place for 1,800 EUR"))
    for kept_out in ("secret place", KEY, "Give Feedback", "cost map"):
        assert kept_out not in by_name.agents.log
