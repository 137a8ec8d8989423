"""A run's journal as the steps that a person can follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from restate_bridge.ids import FIRST_AWAKEABLE_INDEX
from restate_bridge.introspection import JournalEntry, decode_payload
from restate_bridge.model_calls import MODEL_CALL


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    Attributes:
        index: its place in the journal.
        title: what happened.
        at: when it began, if known.
        took: how long, None while it runs or where it makes no sense.
        state: ``done``, ``failed``, ``open`` or ``waiting``.
    """

    index: int
    title: str
    at: datetime | None
    took: timedelta | None = None
    state: str = "done"


def steps_of(journal: Sequence[JournalEntry]) -> list[Step]:
    """Return the steps of a journal, oldest first; the engine's own book-keeping is left out."""
    completions = {
        entry.body["completion_id"]: entry
        for entry in journal
        if entry.kind.startswith("Notification:") and "completion_id" in entry.body
    }
    return list(_steps(journal, completions))


def _steps(journal: Sequence[JournalEntry], completions: Mapping[int, JournalEntry]) -> Iterator[Step]:
    for entry in journal:
        match entry.kind:
            case "Command: Input":
                yield Step(entry.index, _("Started"), entry.at)
            case "Command: Run":
                yield _run_step(entry, completions.get(entry.body.get("completion_id", -1)))
            case "Command: Call" | "Command: OneWayCall":
                yield Step(entry.index, _("Called %(target)s") % {"target": _target(entry.body)}, entry.at)
            case "Notification: Signal":
                yield _signal_step(entry)
            case "Command: Output":
                yield _output_step(entry)


def _signal_step(entry: JournalEntry) -> Step:
    if entry.body.get("id", {}).get("Index", 0) >= FIRST_AWAKEABLE_INDEX:
        return Step(entry.index, _("Decision arrived"), entry.at)
    return Step(entry.index, _("Cancelled"), entry.at, state="failed")


def _run_step(entry: JournalEntry, completion: JournalEntry | None) -> Step:
    if completion is None:
        return Step(entry.index, entry.name, entry.at, state="open")
    result = completion.body.get("result", {})
    took = completion.at - entry.at if completion.at and entry.at else None
    result = result if isinstance(result, Mapping) else {}
    state = "done" if "Success" in result else "failed"
    title = _model_call_title(result) if entry.name == MODEL_CALL else entry.name
    return Step(entry.index, title, entry.at, took, state)


def _model_call_title(result: Mapping[str, Any]) -> str:
    """Say what the model decided, as far as the journal tells; the answer may be any JSON."""
    try:
        answer = decode_payload(bytes(list(result.get("Success", []))))
    except (TypeError, ValueError, RecursionError):
        return _("Model call")
    parts = _inside(_inside(answer, "content"), "parts")
    parts = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    names = [_inside(part.get("function_call"), "name") for part in parts]
    calls = [name for name in names if isinstance(name, str) and name]
    if calls:
        return _("Model call: decided to call %(tools)s") % {"tools": ", ".join(calls)}
    return _("Model call: answered") if parts else _("Model call")


def _inside(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _output_step(entry: JournalEntry) -> Step:
    failed = "Failure" in entry.body.get("result", {})
    return Step(
        entry.index,
        _("Ended with an error") if failed else _("Finished"),
        entry.at,
        state="failed" if failed else "done",
    )


def _target(body: Mapping[str, Any]) -> str:
    target = body.get("request", {}).get("invocation_target", {})
    return "/".join(str(target[key]) for key in ("name", "key", "handler") if target.get(key)) or _("another run")
