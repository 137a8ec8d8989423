"""Conversations that go on and on: what is stored and shown to the model stays short, and the beginning counts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, override

import pytest

from tests.agents.engine.gemini import Gemini, candidate, environment, refusal
from tests.agents.engine.house import House, Turn
from tests.agents.engine.model_server import Trouble
from tests.agents.engine.opening import open_house
from tests.agents.stand_in_inbox import wait_for

TURNS, BYTES, CALLS = 6, 40_000, 5
#: The bytes, the turn that passes them, and a summary.
BOUND = 75_000
SUMMED_UP = "compaction LLM call"


class Listener(Gemini):
    """Says that it heard, and sums up by the facts that it finds, of which only the colour matters.

    Attributes:
        away: whether it does not sum up at the moment.
        slow: how long it takes to sum up, in seconds.
        summed_up: how often it was asked to.
    """

    away = False
    slow = 0.0
    summed_up = 0

    @override
    def answer(self, asked: dict[str, Any]) -> Trouble:
        text = str(asked["contents"])
        if "conversation history" not in text:
            return candidate(content={"role": "model", "parts": [{"text": "I heard."}]}, finishReason="STOP")
        self.summed_up += 1
        if self.away:
            return refusal(503, "UNAVAILABLE", "Overloaded.")
        facts = ", ".join(dict.fromkeys(re.findall(r"colour is \w+|summed up \d+ times", text)))
        words = [{"text": "Let me think.", "thought": True}, {"text": f"{facts}; summed up {self.summed_up} times"}]
        summary = candidate(content={"role": "model", "parts": words}, finishReason="STOP")
        return replace(summary, seconds=self.slow)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture(scope="module")
def talking(listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    bounds = {"AGENT_SESSION_TURNS": TURNS, "AGENT_SESSION_BYTES": BYTES, "AGENT_MODEL_CALLS": CALLS}
    more = environment(listener) | {name: str(value) for name, value in bounds.items()}
    # Every wait suspends, and so each turn is replayed from its journal.
    more["AGENT_INACTIVITY_TIMEOUT"] = "0"
    with open_house(tmp_path_factory.mktemp("talking"), more) as house:
        yield house


@pytest.fixture(autouse=True)
def _forgets(listener: Listener) -> None:
    listener.forget()
    listener.away, listener.slow, listener.summed_up = False, 0, 0


def say(house: House, session: str, *messages: str, service: str = "Claims") -> list[str]:
    """Say one after the other; return the steps of the last turn."""
    steps: list[str] = []
    for message in messages:
        turn = house.ask(message, session, service)
        assert turn.answer()
        steps = turn.steps()
    return steps


def chat(first: int, last: int) -> list[str]:
    return [f"message {number}" for number in range(first, last + 1)]


def shown(listener: Listener) -> str:
    """What the model was shown when it was asked last for an answer."""
    return str(next(asked for _, asked in reversed(listener.asked) if "conversation history" not in str(asked)))


def test_many_turns_stay_within_bounds_and_what_was_said_first_is_known_to_the_end(
    listener: Listener, talking: House
) -> None:
    sizes = []
    say(talking, "many", "My favourite colour is vermilion.")
    for number in range(40):
        say(talking, "many", f"message {number} " + "x" * 500)
        sizes.append(talking.stored("many")[0])
    assert max(sizes) < BOUND
    assert listener.summed_up > 5
    assert "colour is vermilion" in shown(listener)
    assert "message 39" in shown(listener)
    assert "message 3 " not in shown(listener)
    _, stored = talking.stored("many")
    assert [bool(event["actions"].get("compaction")) for event in stored["events"][:2]] == [True, False]
    assert "Let me think." not in str(stored)


def test_the_latest_turns_stay_as_they_were_said_and_the_history_says_what_is_a_summary(
    listener: Listener, talking: House
) -> None:
    steps = say(talking, "latest", "The colour is blue.", *chat(2, TURNS + 1))
    assert steps == ["call LLM", SUMMED_UP, "store session"]
    history = talking.history("latest")
    assert [(entry["author"], entry["text"]) for entry in history[:3]] == [
        ("summary", "colour is blue; summed up 1 times"),
        ("user", "message 3"),
        ("claims_agent", "I heard."),
    ]
    assert [entry["text"] for entry in history if entry["author"] == "user"] == chat(3, TURNS + 1)
    say(talking, "latest", "What is the colour?")
    contents = listener.asked[-1][1]["contents"]
    assert contents[0] == {"role": "model", "parts": [{"text": "colour is blue; summed up 1 times"}]}
    assert [said["parts"][0]["text"] for said in contents[1::2]] == [*chat(3, TURNS + 1), "What is the colour?"]


def test_a_few_long_turns_are_summed_up_as_many_short_ones_are(listener: Listener, talking: House) -> None:
    say(talking, "long", "The colour is green. " + "x" * 19_000, "y" * 19_000, "short")
    assert listener.summed_up == 1
    assert [entry["text"] for entry in talking.history("long")] == [
        "colour is green; summed up 1 times",
        "short",
        "I heard.",
    ]
    assert talking.stored("long")[0] < 10_000


def test_a_summary_that_fails_ends_no_turn_and_is_tried_again_after_the_next(
    listener: Listener, talking: House
) -> None:
    listener.away = True
    steps = say(talking, "failing", "The colour is red.", *chat(2, TURNS + 1))
    assert steps == ["call LLM", SUMMED_UP, "store session"]
    assert listener.summed_up == 1
    assert len(talking.history("failing")) == 2 * (TURNS + 1)
    assert "a conversation could not be summed up, and goes on as it is: gemini-trial answered" in talking.agents.log
    listener.away = False
    say(talking, "failing", "once more")
    assert talking.history("failing")[0]["text"] == "colour is red; summed up 2 times"


def summing_up(listener: Listener, house: House, session: str) -> Turn:
    """Begin a turn, and return it while what was said before is being summed up."""
    say(house, session, "The colour is pink.", *chat(2, TURNS))
    listener.slow = 2
    turn = house.ask("the last", session)
    wait_for(lambda: listener.summed_up, "it is asked to sum up")
    listener.slow = 0
    return turn


def test_a_process_that_dies_meanwhile_leaves_the_turn_and_one_summary(listener: Listener, talking: House) -> None:
    turn = summing_up(listener, talking, "killed")
    talking.agents.kill()
    talking.agents.start()
    assert turn.answer() == "I heard."
    assert turn.steps() == ["call LLM", SUMMED_UP, "store session"]
    history = talking.history("killed")
    assert [entry["author"] for entry in history].count("summary") == 1
    assert history[0]["text"].startswith("colour is pink")
    assert history[-2]["text"] == "the last"


def test_a_cancellation_meanwhile_leaves_the_turn_which_has_its_answer(listener: Listener, talking: House) -> None:
    turn = summing_up(listener, talking, "cancelled")
    turn.cancel()
    assert turn.answer() == "I heard."
    texts = [entry["text"] for entry in talking.history("cancelled")]
    assert texts[-2:] == ["the last", "I heard."]
    say(talking, "cancelled", "once more")
    assert talking.history("cancelled")[0]["text"].startswith("colour is pink")


def test_one_that_keeps_failing_is_replaced_by_an_excerpt_in_the_end(listener: Listener, talking: House) -> None:
    listener.away = True
    say(talking, "excerpt", "The colour is grey.", *chat(2, 2 * TURNS + 1))
    [summary, *rest] = talking.history("excerpt")
    assert summary["author"] == "summary"
    assert summary["text"].startswith("user: The colour is grey.\nclaims_agent: I heard.\nuser: message 2\n")
    assert len(rest) == 2 * 5


def test_the_stand_in_has_excerpts_and_asks_nobody_for_them(listener: Listener, talking: House) -> None:
    transfer = 'transfer {"amount": 1}'
    steps = say(talking, "stand-in", *[transfer] * (TURNS + 1), service="Trial")
    assert SUMMED_UP not in steps
    [summary, *_] = talking.history("stand-in", "Trial")
    assert summary["text"].startswith(
        f'user: {transfer}\ntrial_agent: As told.\ntrial_agent: (tool_call transfer) {{"amount": 1}}\n'
        'trial_agent: (tool_result transfer) {"transferred": 1}\n'
    )
    assert listener.asked == []


def test_a_turn_that_calls_its_model_on_and_on_is_ended_and_the_session_goes_on(talking: House) -> None:
    turn = talking.ask("loop", service="Trial")
    assert "the agent wanted to call its model more than 5 times in a turn" in turn.outcome().json()["message"]
    assert turn.steps().count("call LLM") == CALLS
    assert "more than 5 times" in talking.history(turn.session, "Trial")[-1]["text"]
    say(talking, turn.session, 'transfer {"amount": 1}', service="Trial")


def test_adks_own_bounds_count_no_calls_drop_nothing_and_pile_their_summaries_up(talking: House) -> None:
    """One call a turn, and a summary after each: see `brittle`. Ours can go when this fails."""
    steps = say(talking, "brittle", *['transfer {"amount": 1}'] * 3, service="Brittle")
    assert steps.count("call LLM") == 2
    events = talking.stored("brittle", "Brittle")[1]["events"]
    assert [bool(event["actions"].get("compaction")) for event in events] == [False, False, False, False, True] * 3
