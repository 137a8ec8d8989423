"""A journal as steps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from approvals.presentation.steps import steps_of
from restate_bridge.introspection import JournalEntry

START = datetime(2026, 1, 1, tzinfo=UTC)


def entry(index: int, kind: str, name: str = "", **body: Any) -> JournalEntry:
    return JournalEntry(index, kind, name, body, START + timedelta(milliseconds=index * 10))


def payload(text: str) -> dict[str, Any]:
    return {"Success": list(text.encode())}


def test_a_step_and_its_completion_are_one_line_with_its_duration() -> None:
    journal = [
        entry(0, "Command: Input"),
        entry(1, "Command: Run", "check eligibility", completion_id=1),
        entry(3, "Notification: Run", completion_id=1, result=payload("{}")),
    ]
    started, step = steps_of(journal)
    assert started.title == "Started"
    assert (step.title, step.took, step.state) == ("check eligibility", timedelta(milliseconds=20), "done")


def test_a_step_without_completion_is_open_and_a_failed_one_failed() -> None:
    journal = [
        entry(1, "Command: Run", "tool", completion_id=1),
        entry(2, "Notification: Run", completion_id=1, result={"Failure": {"code": 500}}),
        entry(3, "Command: Run", "next", completion_id=2),
    ]
    assert [(step.title, step.state) for step in steps_of(journal)] == [("tool", "failed"), ("next", "open")]


def test_a_model_call_says_what_it_decided() -> None:
    call = '{"content": {"parts": [{"function_call": {"name": "reimburse"}}]}}'
    words = '{"content": {"parts": [{"text": "Done."}]}}'
    journal = [
        entry(1, "Command: Run", "call LLM", completion_id=1),
        entry(2, "Notification: Run", completion_id=1, result=payload(call)),
        entry(3, "Command: Run", "call LLM", completion_id=2),
        entry(4, "Notification: Run", completion_id=2, result=payload(words)),
        entry(5, "Command: Run", "call LLM", completion_id=3),
        entry(6, "Notification: Run", completion_id=3, result=payload("not json")),
    ]
    assert [step.title for step in steps_of(journal)] == [
        "Model call: decided to call reimburse",
        "Model call: answered",
        "Model call",
    ]


def test_a_decision_and_a_cancellation_are_told_apart() -> None:
    journal = [
        entry(1, "Notification: Signal", id={"Index": 17}),
        entry(2, "Notification: Signal", id={"Index": 1}),
        entry(3, "Command: Output", result={"Failure": {}}),
    ]
    assert [(step.title, step.state) for step in steps_of(journal)] == [
        ("Decision arrived", "done"),
        ("Cancelled", "failed"),
        ("Ended with an error", "failed"),
    ]


@pytest.mark.parametrize(
    "result",
    [
        payload("5"),
        payload("[1]"),
        payload('{"content": "words"}'),
        payload('{"content": {"parts": 5}}'),
        payload('{"content": {"parts": {"a": 1}}}'),
        payload('{"content": {"parts": ["words", null]}}'),
        payload("[" * 100_000),
        {"Success": None},
        {"Success": 5},
        {"Success": [300, "x"]},
    ],
)
def test_a_model_call_of_any_other_shape_is_just_a_model_call(result: dict[str, Any]) -> None:
    journal = [
        entry(1, "Command: Run", "call LLM", completion_id=1),
        entry(2, "Notification: Run", completion_id=1, result=result),
    ]
    assert [step.title for step in steps_of(journal)] == ["Model call"]


def test_a_function_call_without_a_proper_name_is_not_named() -> None:
    answer = '{"content": {"parts": [{"function_call": "x"}, {"function_call": {"name": 5}}, {"function_call": {}}]}}'
    journal = [
        entry(1, "Command: Run", "call LLM", completion_id=1),
        entry(2, "Notification: Run", completion_id=1, result=payload(answer)),
    ]
    assert [step.title for step in steps_of(journal)] == ["Model call: answered"]
