"""What goes with a request: bounded, oldest first, the same to the letter when it is made again."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from google.adk.events.event import Event
from google.adk.tools.tool_context import ToolContext
from google.genai.types import Content, FunctionCall, FunctionResponse, Part
from pydantic import JsonValue

from agents.approval.conversation import MAX_CONTEXT_BYTES, calling_tool, conversation, entries, reason, shortened
from restate_bridge.contract import Announcement, Kind, RunReference, canonical_json, digest_of
from restate_bridge.contract.announcement import MAX_ARGUMENTS_BYTES, MAX_CONTEXT_ENTRIES, MAX_ENTRY_CHARACTERS


def _event(author: str, *parts: Part, turn: str = "old", at: float = 1_700_000_000) -> Event:
    role = "user" if author == "user" else "model"
    return Event(author=author, invocation_id=turn, timestamp=at, content=Content(role=role, parts=list(parts)))


def _call(name: str, identity: str, **arguments: Any) -> Part:
    return Part(function_call=FunctionCall(name=name, id=identity, args=arguments))


def _context(*events: Event, call: str = "c1") -> ToolContext:
    session = SimpleNamespace(events=list(events))
    return cast(ToolContext, SimpleNamespace(session=session, invocation_id="now", function_call_id=call))


def test_it_tells_who_said_and_did_what() -> None:
    response = FunctionResponse(name="look", id="c0", response={"found": 1})
    context = _context(
        _event("user", Part(text="Hello")),
        _event("agent", Part(text="thinking", thought=True), Part(text="Looking."), _call("look", "c0", where="here")),
        _event("agent", Part(function_response=response)),
        _event("agent", Part(text="Now pay."), _call("pay", "c1"), turn="now"),
    )
    said, left_out = conversation(context)
    assert left_out == 0
    assert [(e.author, e.kind, e.text or e.tool, e.data) for e in said] == [
        ("user", "message", "Hello", None),
        ("agent", "message", "Looking.", None),
        ("agent", "tool_call", "look", {"where": "here"}),
        ("agent", "tool_result", "look", {"found": 1}),
        ("agent", "message", "Now pay.", None),
    ]
    assert reason(context) == "Now pay."
    assert calling_tool(context, "?") == "pay"


def test_events_of_the_turn_in_progress_have_no_time_so_that_a_repeated_announcement_is_the_same() -> None:
    first, again = (
        conversation(_context(_event("user", Part(text="old")), _event("user", Part(text="hi"), turn="now", at=at)))
        for at in (1_800_000_000, 1_900_000_000)
    )
    assert first == again
    assert first[0][0].at is not None


def test_of_a_long_conversation_the_oldest_is_left_out_and_counted() -> None:
    said, left_out = conversation(_context(*(_event("user", Part(text=f"message {n}")) for n in range(250))))
    assert len(said) == MAX_CONTEXT_ENTRIES
    assert left_out == 50
    assert said[-1].text == "message 249"


def test_a_heavy_conversation_is_bounded_by_its_size() -> None:
    said, left_out = conversation(_context(*(_event("user", Part(text="x" * 15_000)) for _ in range(50))))
    assert sum(len(entry.text) for entry in said) < MAX_CONTEXT_BYTES
    assert len(said) + left_out == 50


@pytest.mark.parametrize("character", ["x", "é", "汉", "😀", '"', "\x01"])
def test_the_heaviest_announcement_stays_below_what_the_inbox_takes(character: str) -> None:
    context = _context(*(_event("user", Part(text=character * 20_000)) for _ in range(50)))
    said, left_out = conversation(context)
    assert len(said) > 2
    assert len(said) + left_out == 50
    assert sum(len(entry.model_dump_json().encode()) for entry in said) <= MAX_CONTEXT_BYTES
    room = MAX_ARGUMENTS_BYTES - len(canonical_json({"text": ""}))
    arguments: dict[str, JsonValue] = {
        "text": character * (room // len(json.dumps(character, ensure_ascii=False).encode()[1:-1]))
    }
    announcement = Announcement(
        kind=Kind.APPROVAL,
        title=character * 300,
        agent="agent",
        tool="pay",
        arguments=arguments,
        arguments_schema={"description": "x" * 100_000},
        digest=digest_of("pay", arguments),
        reason=character * MAX_ENTRY_CHARACTERS,
        run=RunReference(invocation_id=f"inv_1{'a' * 33}", service="S", handler="h"),
        context=said,
        context_left_out=left_out,
    )
    assert len(announcement.model_dump_json().encode()) < 1024 * 1024


def test_long_texts_are_cut_with_a_visible_mark() -> None:
    [entry] = entries([_event("user", Part(text="x" * 30_000))])
    assert len(entry.text) == MAX_ENTRY_CHARACTERS
    assert entry.text.endswith("[cut here, 30,000 characters in all]")
    assert shortened("short") == "short"


def test_long_results_are_cut_too() -> None:
    response = FunctionResponse(name="look", id="c0", response={"found": "y" * 30_000})
    [entry] = entries([_event("agent", Part(function_response=response))])
    assert isinstance(entry.data, str)
    assert "cut here" in entry.data


def test_a_call_that_nobody_finds_has_no_reason_and_another_name() -> None:
    assert reason(_context()) == ""
    assert calling_tool(_context(), "ask_human") == "ask_human"
