"""What a restarted run took along from the one before.

A restart copies the journal up to the chosen entry into a new run. Measured on Restate 1.7.12, and held by a test
against the engine: copied entries keep the time at which they were appended, so they are older than the new run.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from restate_bridge.admin import Admin
from restate_bridge.ids import MalformedId, is_invocation_id
from restate_bridge.introspection import JournalEntry, read_journal

_LONGEST_JOURNAL = 20_000


@dataclass(frozen=True, slots=True)
class Restart:
    """How a run began as the restart of another, seen from one of its awakeables.

    Attributes:
        parent: the id of the run that was restarted.
        answer: the text that completed the awakeable, if that was copied along; None when the new run still waits.
        steps: the names of the steps behind the answer that were copied along.
    """

    parent: str
    answer: str | None
    steps: frozenset[str]


def read_restart(admin: Admin, invocation_id: str, index: int) -> Restart | None:
    """Return what a run took along for the awakeable with ``index``; None when it is no restart of another.

    Raises:
        MalformedId: ``invocation_id`` is none.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not is_invocation_id(invocation_id):
        raise MalformedId(f"{invocation_id!r} is not an invocation id")
    rows = admin.query(f"SELECT restarted_from, created_at FROM sys_invocation WHERE id = '{invocation_id}'")  # noqa: S608
    if not rows or "restarted_from" not in rows[0]:
        return None
    began = datetime.fromisoformat(rows[0]["created_at"])
    journal = read_journal(admin, invocation_id, at_most=_LONGEST_JOURNAL)
    copied = [entry for entry in journal if entry.at is not None and entry.at < began]
    answer, behind = _answer_in(copied, index)
    return Restart(rows[0]["restarted_from"], answer, frozenset(step for step in behind if step))


def _answer_in(copied: Sequence[JournalEntry], index: int) -> tuple[str | None, list[str]]:
    """Return what completed the awakeable and the names of the steps that came after."""
    for place, entry in enumerate(copied):
        if entry.kind == "Notification: Signal" and entry.body.get("id") == {"Index": index}:
            later = [step.name for step in copied[place + 1 :] if step.kind == "Command: Run"]
            return _text_of(entry.body.get("result", {})), later
    return None, []


def _text_of(result: dict[str, Any]) -> str:
    """Return the message of a failure, else the payload's JSON text, else the payload as it is."""
    if "Failure" in result:
        return str(result["Failure"].get("message", ""))
    raw = bytes(result.get("Success") or []).decode("utf-8", errors="replace")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    return value if isinstance(value, str) else raw
