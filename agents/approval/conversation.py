"""What was said and done before a request, so that the reviewer can judge it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from google.adk.events.event import Event
from google.adk.tools.tool_context import ToolContext
from google.genai.types import FunctionCall, FunctionResponse, Part
from pydantic import JsonValue

from agents.approval.durable import as_json
from restate_bridge.contract import ContextEntry
from restate_bridge.contract.announcement import MAX_CONTEXT_ENTRIES, MAX_ENTRY_CHARACTERS

#: How much of a conversation goes with a request, in bytes of JSON as it is sent. With the largest arguments and
#: their schema an announcement stays below the 1 MiB that the inbox takes.
MAX_CONTEXT_BYTES: Final = 400_000


def conversation(tool_context: ToolContext) -> tuple[list[ContextEntry], int]:
    """Return the session so far and the turn in progress, oldest first, and how many older entries were left out.

    The call that is asked about is not in it: the request itself shows that one.
    """
    events = tool_context.session.events
    return bounded(list(entries(events, this_turn=tool_context.invocation_id, without=tool_context.function_call_id)))


def bounded(everything: Sequence[ContextEntry]) -> tuple[list[ContextEntry], int]:
    """Return the last entries that the inbox takes, and how many older ones were left out."""
    kept: list[ContextEntry] = []
    room = MAX_CONTEXT_BYTES
    for entry in reversed(everything[-MAX_CONTEXT_ENTRIES:]):
        room -= len(entry.model_dump_json().encode()) + len(",")
        if room < 0:
            break
        kept.append(entry)
    return kept[::-1], len(everything) - len(kept)


def entries(events: Iterable[Event], *, this_turn: str = "", without: str | None = None) -> Iterator[ContextEntry]:
    """Yield what events hold, one entry for each message, tool call and tool result; a summary's author is "summary".

    Events of the turn in progress get no time: after a restart of the process ADK makes them anew with another one,
    and an announcement that is repeated has to be the same, to the letter.
    """
    for event in events:
        at = None if event.invocation_id == this_turn else datetime.fromtimestamp(event.timestamp, UTC)
        summary = event.actions.compaction
        content, author = (summary.compacted_content, "summary") if summary else (event.content, event.author[:200])
        for part in (content.parts if content else None) or ():
            entry = _entry(author, part, at)
            call = part.function_call
            if entry is not None and not (call and without and call.id == without):
                yield entry


def reason(tool_context: ToolContext) -> str:
    """Return the agent's own words in the model turn that made the call; may be empty."""
    for event in reversed(tool_context.session.events):
        if any(call.id and call.id == tool_context.function_call_id for call in event.get_function_calls()):
            parts = (event.content.parts if event.content else None) or ()
            return shortened("\n".join(part.text for part in parts if part.text and not part.thought).strip())
    return ""


def calling_tool(tool_context: ToolContext, otherwise: str) -> str:
    """Return the name of the tool that is running."""
    for event in reversed(tool_context.session.events):
        for call in event.get_function_calls():
            if call.id and call.id == tool_context.function_call_id and call.name:
                return call.name
    return otherwise


def shortened(text: str, limit: int = MAX_ENTRY_CHARACTERS) -> str:
    """Return ``text``, cut with a visible mark when it is longer than ``limit`` characters."""
    if len(text) <= limit:
        return text
    mark = f" … [cut here, {len(text):,} characters in all]"
    return text[: limit - len(mark)] + mark


def _entry(author: str, part: Part, at: datetime | None) -> ContextEntry | None:
    if part.function_call:
        return _tool_entry(author, part.function_call, at)
    if part.function_response:
        return _tool_entry(author, part.function_response, at)
    if part.text and not part.thought:
        return ContextEntry(author=author, kind="message", text=shortened(part.text), at=at)
    return None


def _tool_entry(author: str, part: FunctionCall | FunctionResponse, at: datetime | None) -> ContextEntry:
    name = (part.name or "")[:200]
    if isinstance(part, FunctionCall):
        return ContextEntry(author=author, kind="tool_call", tool=name, data=_bounded(as_json(part.args)), at=at)
    return ContextEntry(author=author, kind="tool_result", tool=name, data=_bounded(as_json(part.response)), at=at)


def _bounded(data: JsonValue) -> JsonValue:
    text = json.dumps(data, ensure_ascii=False)
    return data if len(text) <= MAX_ENTRY_CHARACTERS else shortened(text)
