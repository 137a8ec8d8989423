"""What the steps of a run hold, decoded: values, what a model answered, what a person decided."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from approvals.presentation.values.plain import as_json
from operations.presentation.model_turns import ModelTurn, model_turn
from operations.presentation.step_kinds import StepKind
from operations.presentation.timeline import Step
from operations.selectors.payloads import Payloads
from restate_bridge.contract import DecisionClaims, claimed_decision, is_sealed, token_in_reject_text

type Label = str | Promise

_INPUT: Final = pgettext_lazy("payload", "Input")
_RESULT: Final = pgettext_lazy("payload", "Result")
_SENT: Final = pgettext_lazy("payload", "Sent along")
_VALUE: Final = pgettext_lazy("payload", "Value")
_KEYS: Final = pgettext_lazy("payload", "Keys")
_FAILURE: Final = pgettext_lazy("payload", "Failure")


@dataclass(frozen=True, slots=True)
class Value:
    """A payload as text.

    Attributes:
        form: ``json``, ``text``, ``bytes``, ``nothing``, or ``sealed`` when its key is not here; the last three have no
            text, but their number.
        size: in bytes, as it was sent.
    """

    label: Label
    form: str
    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a step holds.

    Attributes:
        turn: what a model answered; then there are no values.
        decision: what reached an awakeable says of itself, if it is a decision.
        is_on_record: whether the inbox has made that decision.
        left_out: how many bytes of it are too large to be shown among others.
    """

    values: Sequence[Value] = ()
    turn: ModelTurn | None = None
    decision: DecisionClaims | None = None
    is_on_record: bool = False
    left_out: int = 0


def contents_of(step: Step, payloads: Payloads) -> Contents:
    """Return what a step holds, decoded; whether a decision is on record is still to be found out."""
    entries = [index for index in dict.fromkeys((step.entry, *step.answers)) if index is not None]
    bodies = [payloads.bodies[index] for index in entries if index in payloads.bodies]
    left_out = sum(payloads.left_out.get(index, 0) for index in entries)
    if step.kind is StepKind.WAIT and (decision := _decision(bodies)):
        return Contents(decision=decision)
    if step.kind is StepKind.MODEL and (turn := _turn(bodies)):
        return Contents(turn=turn)
    return Contents([value for body in bodies for value in _values(body)], left_out=left_out)


def decoded(label: Label, raw: bytes) -> Value:
    """Return bytes as JSON over several lines, else as text, else as the number that they are."""
    if not raw:
        return Value(label, "nothing", "", 0)
    if is_sealed(raw):
        return Value(label, "sealed", "", len(raw))
    try:
        # What is too large, or nested too deep, to be taken apart is shown as it is.
        return Value(label, "json", as_json(json.loads(raw)), len(raw))
    except (ValueError, RecursionError):
        pass
    try:
        return Value(label, "text", raw.decode(), len(raw))
    except UnicodeDecodeError:
        return Value(label, "bytes", "", len(raw))


def _values(body: Mapping[str, Any]) -> Iterator[Value]:
    """Yield what an entry's body holds, wherever its kind of entry has it."""
    request = body.get("request")
    if isinstance(request, dict):
        yield from _bytes(_SENT, request.get("parameter"))
    yield from _bytes(_INPUT, body.get("payload"))
    yield from _bytes(_VALUE, body.get("value"))
    if isinstance(keys := body.get("state_keys"), list):
        yield decoded(_KEYS, json.dumps(keys, ensure_ascii=False).encode(errors="replace"))
    result = body.get("result")
    if isinstance(result, dict):
        yield from _bytes(_RESULT, result.get("Success"))
        if isinstance(failure := result.get("Failure"), dict):
            yield _text(_FAILURE, str(failure.get("message") or ""))


def _text(label: Label, text: str) -> Value:
    return Value(label, "text" if text else "nothing", text, len(text.encode(errors="replace")))


def _bytes(label: Label, payload: Any) -> Iterator[Value]:
    if isinstance(payload, list):
        yield decoded(label, _raw(payload))


def _raw(payload: Any) -> bytes:
    try:
        return bytes(payload)
    except (TypeError, ValueError):
        return b""


def _turn(bodies: Sequence[Mapping[str, Any]]) -> ModelTurn | None:
    for body in bodies:
        if isinstance(answer := _success(body), bytes) and (turn := model_turn(answer)):
            return turn
    return None


def _success(body: Mapping[str, Any]) -> bytes | None:
    result = body.get("result")
    return _raw(result["Success"]) if isinstance(result, dict) and isinstance(result.get("Success"), list) else None


def _decision(bodies: Sequence[Mapping[str, Any]]) -> DecisionClaims | None:
    """Return the decision in what completed an awakeable: a JSON string that is a token, or a text ending with one."""
    for body in bodies:
        result = body.get("result")
        failure = result.get("Failure") if isinstance(result, dict) else None
        if isinstance(failure, dict):
            return claimed_decision(token_in_reject_text(str(failure.get("message") or "")))
        if (answer := _success(body)) is not None:
            return claimed_decision(answer.decode(errors="replace").strip().strip('"'))
    return None
