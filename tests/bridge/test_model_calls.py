"""What a journal tells of a model's answers, whatever stands in it, asked of the engine itself."""

import json
from typing import Any

import pytest

from restate_bridge.admin import Admin
from restate_bridge.model_calls import FunctionCall, read_story
from tests.engine.engine import Engine

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"
PAY = {"function_call": {"name": "pay", "args": {"amount": 1}}}


def came(result: Any) -> tuple[str, str]:
    return "call LLM", json.dumps(result)


def said(*parts: Any) -> tuple[str, str]:
    return came({"content": {"parts": list(parts), "role": "model"}})


class CountingAdmin(Admin):
    """The admin API, with how much it has answered, in characters."""

    answered = 0

    def query(self, sql: str) -> list[dict[str, Any]]:
        rows = super().query(sql)
        self.answered += len(json.dumps(rows, default=str))
        return rows


def test_the_last_models_calls_are_told_with_what_was_said_before(engine: Engine) -> None:
    steps = (
        said({"text": "I look.", "function_call": None}, {"function_call": {"name": "look", "args": {"at": 1}}}),
        ("look", said(PAY)[1]),
        said({"text": "hm", "thought": True}, {"function_call": {"name": "pay", "args": None}}),
    )
    story = read_story(engine.admin, engine.start_odd(*steps))
    assert story.input == [list(step) for step in steps]
    assert [answer.text for answer in story.answers] == ["I look.", ""]
    assert story.answers[0].calls == [FunctionCall("look", {"at": 1})]
    assert story.calls == [FunctionCall("pay", {})]


@pytest.mark.parametrize(
    "odd",
    [None, [], {}, {"content": None}, {"content": {"parts": None}}, {"content": {"parts": [{"function_call": []}]}}],
)
def test_what_is_no_models_answer_tells_nothing(engine: Engine, odd: Any) -> None:
    assert read_story(engine.admin, engine.start_odd(came(odd))).calls == []


@pytest.mark.parametrize("text", ["[" * 20_000, "no JSON", "x" * 300_000])
def test_an_answer_that_is_too_large_or_that_nobody_can_read_is_told_by_its_size(engine: Engine, text: str) -> None:
    story = read_story(engine.admin, engine.start_odd(said(PAY), ("call LLM", text)))
    first, last = story.answers
    assert (first.calls, story.calls) == ([FunctionCall("pay", {"amount": 1})], ())
    assert len(text) <= last.left_out < len(text) + 100


def test_of_large_journals_no_more_is_read_than_is_shown(engine: Engine) -> None:
    word = "x" * 250_000
    steps = [(name, word) for name in ("a step", "another step") for _ in range(3)]
    answers = [said({"text": word}, PAY) for _ in range(6)]
    run = engine.start_odd(*steps, *answers)
    admin = CountingAdmin(engine.server.admin_url)
    story = read_story(admin, run)
    assert story.calls == [FunctionCall("pay", {"amount": 1})]
    assert [bool(answer.left_out) for answer in story.answers] == [True, True, False, False, False, False]
    assert story.left_out > 2_000_000
    # A byte takes up to five characters in what the engine answers.
    assert admin.answered < 5 * 1_100_000


def test_answers_are_told_from_the_last_on_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("restate_bridge.model_calls._AT_MOST", 2)
    story = read_story(engine.admin, engine.start_odd(*(said({"text": str(number)}) for number in range(4))))
    assert [answer.text for answer in story.answers] == ["2", "3"]


def test_a_run_without_a_journal_has_no_story(engine: Engine) -> None:
    story = read_story(engine.admin, NEVER_EXISTED)
    assert (story.input, story.answers, story.calls) == (None, [], ())
