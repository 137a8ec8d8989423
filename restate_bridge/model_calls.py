"""What an agent was asked and what its model said, from the journal of its run: for waits that nobody explains.

ADK's plugin for Restate journals each model call as a step whose result is the model's whole answer, as JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from restate_bridge.admin import Admin
from restate_bridge.introspection import decode_payload
from restate_bridge.journal import JournalLine, last_steps, read_bodies, read_stretch, within

#: The name under which the ADK's plugin for Restate journals each call of a model.
MODEL_CALL: Final = "call LLM"
_AT_MOST: Final = 50  # the last ones tell what it is about
# So much is read of one entry, and of all together, in bytes.
_ONE: Final = 256 * 1024
_TOGETHER: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A tool that a model wants to be called."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model said.

    Attributes:
        text: its words, may be empty.
        at: when, if known.
        left_out: how many bytes it has, where it is too large to be read or nobody can; else 0.
    """

    text: str
    calls: Sequence[FunctionCall]
    at: datetime | None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class RunStory:
    """What led to where a run stands.

    Attributes:
        input: what the handler was called with, as JSON holds it; None for nothing.
        answers: what models said, oldest first; those of a long run may begin late.
        left_out: how many bytes the input has, where it is too large to be read; else 0.
    """

    input: Any
    answers: Sequence[ModelAnswer]
    left_out: int = 0

    @property
    def calls(self) -> Sequence[FunctionCall]:
        """What the last model call wants to be done. It may be several: they are done one after the other."""
        return self.answers[-1].calls if self.answers else ()


def read_story(admin: Admin, invocation_id: str) -> RunStory:
    """Return what led to where a run stands.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    beginning = read_stretch(admin, invocation_id, begin=0, at_most=1).lines
    came = _answered(admin, invocation_id)
    # The last answer tells what it is about, the input what it is for.
    wanted, left_out = within([*came[:1], *beginning, *came[1:]], one=_ONE, together=_TOGETHER)
    bodies = read_bodies(admin, invocation_id, wanted)
    answers = (_read(line, bodies.get(line.index), left_out) for line in reversed(came))
    first = beginning[0].index if beginning else 0
    payload = bodies.get(first, {}).get("payload")
    found = decode_payload(payload) if payload else None
    return RunStory(found, [answer for answer in answers if answer], left_out.get(first, 0))


def _answered(admin: Admin, invocation_id: str) -> list[JournalLine]:
    """Return what completed model calls well, the last one first."""
    completions = last_steps(admin, invocation_id, MODEL_CALL, at_most=_AT_MOST).completions.values()
    return sorted((line for line in completions if not line.is_failure), key=lambda line: line.index, reverse=True)


def _read(line: JournalLine, body: Mapping[str, Any] | None, left_out: Mapping[int, int]) -> ModelAnswer | None:
    if line.index in left_out:
        return ModelAnswer("", (), line.at, left_out[line.index])
    result = (body or {}).get("result")
    payload = result.get("Success") if isinstance(result, Mapping) else None
    if not payload:
        return None
    response = decode_payload(payload)
    return ModelAnswer("", (), line.at, line.size) if isinstance(response, str) else _answer(response, line.at)


def _answer(response: Any, at: datetime | None) -> ModelAnswer:
    parts = [part for part in _parts(response) if isinstance(part, Mapping)]
    texts = [part["text"] for part in parts if isinstance(part.get("text"), str) and not part.get("thought")]
    return ModelAnswer("\n".join(texts), [call for part in parts if (call := _call(part))], at)


def _parts(response: Any) -> Sequence[Any]:
    content = response.get("content") if isinstance(response, Mapping) else None
    parts = content.get("parts") if isinstance(content, Mapping) else None
    return parts if isinstance(parts, list) else []


def _call(part: Mapping[str, Any]) -> FunctionCall | None:
    match part.get("function_call"):
        case {"name": str(name), **rest}:
            arguments = rest.get("args")
            return FunctionCall(name, arguments if isinstance(arguments, dict) else {})
    return None
