"""A wait that nobody announced, as far as the engine can tell what it is about."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from restate_bridge.contract import UnserialisableArguments, canonical_json, digest_of
from restate_bridge.contract.announcement import MAX_ARGUMENTS_BYTES, MAX_ENTRY_CHARACTERS
from restate_bridge.model_calls import FunctionCall, ModelAnswer, RunStory
from restate_bridge.waits import Wait

_LONGEST: Final = {"name": 200, "key": 500, "title": 300}
_MOST_ENTRIES: Final = 50
_DEEPEST: Final = 100

type Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FoundWait:
    """What is known of a wait.

    Attributes:
        tool: what the model wants to be called last, else the run's handler.
        arguments: that call's, else what the handler was called with.
        context: what models said before, as an announcement's context is.
    """

    awakeable_id: str
    invocation_id: str
    service: str
    handler: str
    key: str
    tool: str
    arguments: Arguments
    context: Sequence[dict[str, Any]]

    @property
    def digest(self) -> str:
        """Of tool and arguments: what was shown, and what a decision is about."""
        return digest_of(self.tool, self.arguments)

    @property
    def title(self) -> str:
        """One line: who waits, and what for."""
        return _short(f"{self.service}: {self.tool}", "title")


def found_wait(wait: Wait, story: RunStory) -> FoundWait:
    """Return what a run's journal tells of what it waits for."""
    run = wait.run
    return FoundWait(
        awakeable_id=wait.id,
        invocation_id=run.id,
        service=_short(run.service, "name"),
        handler=_short(run.handler, "name"),
        key=_short(run.key, "key"),
        tool=_short(story.calls[0].name if len(story.calls) == 1 else run.handler, "name"),
        arguments=_kept(_arguments(story)),
        context=list(_context(run.service, story))[-_MOST_ENTRIES:],
    )


def _arguments(story: RunStory) -> Arguments:
    if left_out := story.answers[-1].left_out if story.answers else story.left_out:
        return {"…": _elsewhere(left_out)}
    match story.calls:
        case [] | ():
            return {} if story.input is None else {"input": story.input}
        case [FunctionCall(arguments=arguments)]:
            return arguments
        case calls:
            # One after the other: which of them waits, nobody can tell.
            return {"calls": [{"name": call.name, "arguments": call.arguments} for call in calls]}


def _context(service: str, story: RunStory) -> Iterator[dict[str, Any]]:
    if story.answers and story.left_out:
        yield {"author": "input", "kind": "message", "text": _elsewhere(story.left_out)}
    elif story.answers and story.input is not None:
        yield {"author": "input", "kind": "message", "text": _told(_text(story.input))}
    for answer in story.answers:
        yield from _said(_short(service, "name"), answer)


def _said(author: str, answer: ModelAnswer) -> Iterator[dict[str, Any]]:
    at = {"at": answer.at.isoformat()} if answer.at else {}
    if answer.text:
        yield {"author": author, "kind": "message", "text": _told(answer.text), **at}
    if answer.left_out:
        yield {"author": author, "kind": "message", "text": _elsewhere(answer.left_out), **at}
    for call in answer.calls:
        name = _short(call.name, "name")
        yield {"author": author, "kind": "tool_call", "tool": name, "data": _kept(call.arguments), **at}


def _kept(arguments: Arguments) -> Arguments:
    """Return arguments that PostgreSQL can keep and a page can show."""
    try:
        size = len(canonical_json(arguments)) if _is_shallow(arguments) else None
    except UnserialisableArguments:
        size = None
    if size is None:
        return {"json": _told(_text(arguments, in_ascii=True))}
    return arguments if size <= MAX_ARGUMENTS_BYTES else {"…": _elsewhere(size)}


def _elsewhere(size: int) -> str:
    return f"{size} bytes: see the journal of the run"


def _is_shallow(value: Any) -> bool:
    """Tell whether whatever reads or writes a value within itself can: how deep that may go, no two of them agree."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    return not level


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _text(value: Any, *, in_ascii: bool = False) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=in_ascii)
    except RecursionError:
        return "…"


def _told(text: str) -> str:
    plain, left_out = _plain(text), len(text) - MAX_ENTRY_CHARACTERS
    return plain if left_out <= 0 else f"{plain[:MAX_ENTRY_CHARACTERS]}… (+{left_out})"


def _short(text: str, what: str) -> str:
    plain, longest = _plain(text), _LONGEST[what]
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def _plain(text: str) -> str:
    """Make NUL and half characters, which PostgreSQL refuses in text, visible signs."""
    return text.replace("\x00", "\u2400").encode(errors="replace").decode()
