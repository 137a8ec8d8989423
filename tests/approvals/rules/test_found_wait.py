"""What is told of a wait that nobody announced."""

from datetime import UTC, datetime
from typing import Any

import pytest

from approvals.rules.found_wait import FoundWait, found_wait
from restate_bridge.contract import digest_of
from restate_bridge.listed_run import ListedRun, RunState
from restate_bridge.model_calls import FunctionCall, ModelAnswer, RunStory
from restate_bridge.waits import Wait
from tests.announcing import invocation_id

NOW = datetime(2026, 4, 24, 10, tzinfo=UTC)


def told(story: RunStory, **overrides: Any) -> FoundWait:
    known: dict[str, Any] = {"service": "Desk", "key": "k", "handler": "ask"}
    run = ListedRun(invocation_id(), RunState.WAITING, created_at=NOW, modified_at=NOW, **known | overrides)
    return found_wait(Wait(run, 17), story)


def answer(*calls: FunctionCall, text: str = "") -> ModelAnswer:
    return ModelAnswer(text, calls, NOW)


def test_one_call_is_what_it_is_about() -> None:
    found = told(RunStory("book", [answer(FunctionCall("book_hotel", {"city": "Paris"}), text="I book it.")]))
    assert (found.title, found.tool, found.arguments) == ("Desk: book_hotel", "book_hotel", {"city": "Paris"})
    assert [(entry["author"], entry["kind"]) for entry in found.context] == [
        ("input", "message"),
        ("Desk", "message"),
        ("Desk", "tool_call"),
    ]


def test_of_several_calls_nobody_can_tell_which_waits() -> None:
    found = told(RunStory(None, [answer(FunctionCall("a", {"x": 1}), FunctionCall("b", {}))]))
    calls = [{"name": "a", "arguments": {"x": 1}}, {"name": "b", "arguments": {}}]
    assert (found.tool, found.arguments) == ("ask", {"calls": calls})


@pytest.mark.parametrize(("given", "arguments"), [(None, {}), ({"a": 1}, {"input": {"a": 1}}), ("x", {"input": "x"})])
def test_without_a_model_it_is_what_the_handler_was_called_with(given: Any, arguments: dict[str, Any]) -> None:
    found = told(RunStory(given, []))
    assert (found.title, found.arguments, found.context) == ("Desk: ask", arguments, [])


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("odd", [{"n": 2**70}, {"n": 1e400}, {"half": "\ud800"}, nested(500), nested(50_000)])
def test_arguments_that_json_can_not_carry_are_told_as_text(odd: dict[str, Any]) -> None:
    found = told(RunStory(None, [answer(FunctionCall("pay", odd))]))
    assert list(found.arguments) == ["json"]
    digest_of(found.tool, found.arguments)


def test_what_is_too_long_is_said_to_be_so() -> None:
    long = "x" * 300_000
    story = RunStory(long, [answer(FunctionCall("y" * 300, {"a": long}), text=long)])
    found = told(story, key="k" * 600)
    assert found.arguments == {"…": "300008 bytes: see the journal of the run"}
    assert (len(found.title), len(found.tool), len(found.key)) == (206, 200, 500)
    assert found.context[0]["text"].endswith("… (+280000)")


def test_what_could_not_be_read_is_said_to_be_so_and_nothing_else_stands_in_for_it() -> None:
    last = ModelAnswer("", (), NOW, left_out=300_000)
    found = told(RunStory(None, [answer(FunctionCall("look", {"at": 1})), last], left_out=400_000))
    assert (found.tool, found.arguments) == ("ask", {"…": "300000 bytes: see the journal of the run"})
    assert [entry.get("text") for entry in found.context] == [
        "400000 bytes: see the journal of the run",
        None,
        "300000 bytes: see the journal of the run",
    ]
    assert told(RunStory(None, [], 400_000)).arguments == {"…": "400000 bytes: see the journal of the run"}


def test_what_postgresql_refuses_is_made_visible() -> None:
    found = told(RunStory(None, [answer(FunctionCall("a\x00b\ud800", {}))]))
    assert found.tool == "a\u2400b?"
