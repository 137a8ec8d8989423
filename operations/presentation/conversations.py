"""What was said and done in a session, as ADK's session service keeps it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from operations.presentation.moments import moment_of
from operations.presentation.signed import without_tokens
from operations.presentation.stored import MOST_SHOWN, indented, whole
from restate_bridge.contract import opened
from restate_bridge.sessions import CONVERSATION

#: So many entries a page shows, the latest.
MOST_ENTRIES: Final = 200


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said or done.

    Attributes:
        at: None when it does not say.
        text: what was said, or thought; empty for a call.
        is_thought: whether the model kept it to itself.
        is_summary: whether it stands for what was said before, and was dropped.
        tool: the name of the function that was called; empty for what was said.
        asked, returned: what a call was given, and what came back, as text; empty for what is not there.
        left_out: how many characters of it are not shown.
        place: which one it is of all, from 0 on.
    """

    author: str
    at: datetime | None
    text: str = ""
    is_thought: bool = False
    is_summary: bool = False
    tool: str = ""
    asked: str = ""
    returned: str = ""
    left_out: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """A session of ADK's.

    Attributes:
        id: its name there; mostly the key again.
        user: on whose behalf.
        said: oldest first.
        size: how long it is as it is kept, in bytes.
        events: how many of ADK's events are kept; one may hold several entries, or none.
        left_out: how many older entries are not shown.
    """

    id: str
    user: str
    said: tuple[Said, ...]
    size: int
    events: int
    left_out: int = 0


def conversations_in(values: Mapping[str, bytes]) -> list[Conversation]:
    """Return the conversations among a session's values. What has not the form of one is left out."""
    found = (
        conversation_in(name.removeprefix(CONVERSATION), value)
        for name, value in sorted(values.items())
        if name.startswith(CONVERSATION)
    )
    return [conversation for conversation in found if conversation]


def conversation_in(session_id: str, value: bytes) -> Conversation | None:
    """Return the conversation that a value holds; None when it holds none."""
    try:
        kept = json.loads(opened(value))
    except (ValueError, RecursionError):
        return None
    if not isinstance(kept, dict):
        return None
    events = _many(kept, "events")
    said = _with_what_came_back(entry for event in events for entry in _entries(event))
    user = _text(kept.get("user_id") or kept.get("userId"))
    left_out = max(0, len(said) - MOST_ENTRIES)
    return Conversation(session_id, user, tuple(said[-MOST_ENTRIES:]), len(value), len(events), left_out)


def _entries(event: Any) -> Iterator[tuple[str, Said]]:
    """Yield what an event holds, each with the id of the call that it makes or answers; empty for words."""
    if not isinstance(event, dict):
        return
    author, at = _text(event.get("author")) or "?", moment_of(event.get("timestamp"))
    summary = _summary_in(event)
    for part in _many(summary or event.get("content") or {}, "parts"):
        if isinstance(part, dict):
            yield from _entry(part, Said(author, at, is_summary=bool(summary)))
    if event.get("error_message"):
        yield "", _bounded(replace(Said(author, at), text=_text(event["error_message"])))


def _summary_in(event: dict[str, Any]) -> dict[str, Any] | None:
    compaction = _one(_one(event, "actions") or {}, "compaction")
    return _one(compaction or {}, "compacted_content", "compactedContent")


def _entry(part: dict[str, Any], said: Said) -> Iterator[tuple[str, Said]]:
    call, answer = _one(part, "function_call", "functionCall"), _one(part, "function_response", "functionResponse")
    if call:
        asked = indented(call.get("args") or {})
        yield _text(call.get("id")), _bounded(replace(said, tool=_text(call.get("name")) or "?", asked=asked))
    elif answer:
        returned = indented(answer.get("response"))
        yield _text(answer.get("id")), _bounded(replace(said, tool=_text(answer.get("name")) or "?", returned=returned))
    elif text := _text(part.get("text")):
        yield "", _bounded(replace(said, text=text, is_thought=bool(part.get("thought"))))
    else:
        # Pictures, files, code that was run: by name, since there may be much of it.
        kinds = [name for name, value in part.items() if value]
        if kinds:
            yield "", replace(said, text=f"[{', '.join(kinds)}]")


def _with_what_came_back(entries: Iterator[tuple[str, Said]]) -> list[Said]:
    """Put what a function returned beside its call; what answers no call stays by itself."""
    said: list[Said] = []
    calls: dict[str, int] = {}
    for call, entry in entries:
        if entry.asked and call:
            calls[call] = len(said)
        elif entry.returned and call in calls:
            asked = said[place := calls.pop(call)]
            said[place] = replace(asked, returned=entry.returned, left_out=asked.left_out + entry.left_out)
            continue
        said.append(replace(entry, place=len(said)))
    return said


def _bounded(said: Said) -> Said:
    texts = [without_tokens(text) for text in (said.text, said.asked, said.returned)]
    text, asked, returned = (text[:MOST_SHOWN] for text in texts)
    left_out = sum(max(0, len(text) - MOST_SHOWN) for text in texts)
    return replace(said, text=text, asked=asked, returned=returned, left_out=left_out)


def _one(part: dict[str, Any], *names: str) -> dict[str, Any] | None:
    found = next((part[name] for name in names if part.get(name)), None)
    return found if isinstance(found, dict) else None


def _many(whole_: Any, name: str) -> list[Any]:
    found = whole_.get(name) if isinstance(whole_, dict) else None
    return found if isinstance(found, list) else []


def _text(value: Any) -> str:
    return "" if value is None else whole(str(value))
