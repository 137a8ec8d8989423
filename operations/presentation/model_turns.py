"""What a model answered, as the ADK journals it: an ``LlmResponse`` as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from approvals.presentation.values.plain import as_json

_TOKENS: Final[Mapping[str, Promise]] = {
    "prompt_token_count": pgettext_lazy("tokens", "prompt"),
    "cached_content_token_count": pgettext_lazy("tokens", "of it cached"),
    "candidates_token_count": pgettext_lazy("tokens", "answer"),
    "thoughts_token_count": pgettext_lazy("tokens", "thoughts"),
    "tool_use_prompt_token_count": pgettext_lazy("tokens", "tools"),
    "total_token_count": pgettext_lazy("tokens", "together"),
}


@dataclass(frozen=True, slots=True)
class WantedCall:
    """A tool that a model wants called; its arguments as JSON over several lines."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """What a model answered.

    Attributes:
        thoughts: what it thought before, if it tells.
        others: what else it sent, as JSON: pictures, code.
        tokens: how many of what, in words and numbers; empty when the model does not count.
        model: which it was, empty when it does not tell.
        problem: why it answered nothing, or not all.
    """

    texts: Sequence[str] = ()
    thoughts: Sequence[str] = ()
    calls: Sequence[WantedCall] = ()
    others: Sequence[str] = ()
    tokens: Sequence[tuple[Promise, int]] = ()
    model: str = ""
    problem: str = ""


def model_turn(answer: bytes) -> ModelTurn | None:
    """Return what a model answered; None for what is no answer of a model as the ADK writes it."""
    try:
        response = json.loads(answer)
        return _turn(response) if isinstance(response, dict) and "content" in response else None
    except (ValueError, RecursionError):
        return None


def _turn(response: Mapping[str, Any]) -> ModelTurn:
    parts = list(_parts(response))
    texts = [(part["text"], bool(part.get("thought"))) for part in parts if _is_text(part.get("text"))]
    return ModelTurn(
        texts=[text for text, is_thought in texts if not is_thought],
        thoughts=[text for text, is_thought in texts if is_thought],
        calls=[_call(part["function_call"]) for part in parts if isinstance(part.get("function_call"), dict)],
        others=[as_json(rest) for part in parts if (rest := _rest(part))],
        tokens=list(_tokens(response.get("usage_metadata"))),
        model=str(response.get("model_version") or ""),
        problem=_problem(response),
    )


def _parts(response: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    content = response.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    if isinstance(parts, list):
        yield from (part for part in parts if isinstance(part, dict))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _call(call: Mapping[str, Any]) -> WantedCall:
    return WantedCall(str(call.get("name") or ""), as_json(call.get("args") or {}))


def _rest(part: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("text", "thought", "function_call", "thought_signature")
    return {key: value for key, value in part.items() if value is not None and key not in shown}


def _tokens(usage: Any) -> Iterator[tuple[Promise, int]]:
    if isinstance(usage, dict):
        yield from ((word, usage[key]) for key, word in _TOKENS.items() if isinstance(usage.get(key), int))


def _problem(response: Mapping[str, Any]) -> str:
    said = (response.get("error_code"), response.get("error_message"))
    if problem := ": ".join(str(part) for part in said if part):
        return problem
    reason = str(response.get("finish_reason") or "")
    return "" if reason in ("", "STOP") else reason
