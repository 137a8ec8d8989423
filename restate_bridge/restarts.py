"""What a restarted run took along from the one before.

A restart copies the journal up to the chosen entry into a new run. Measured on Restate 1.7.12, and held by a test
against the engine: copied entries keep the time at which they were appended, so they are older than the new run.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from restate_bridge.admin import Admin
from restate_bridge.ids import checked

# ruff: noqa: S608 - queries are built from constants and from ids that `checked` has let through

#: How many restarts of restarts are followed back.
_LONGEST_LINE: Final = 50


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A run that another one was restarted from.

    Attributes:
        run: its id.
        had_answer: whether the answer that went along stood in its journal already.
    """

    run: str
    had_answer: bool


@dataclass(frozen=True, slots=True)
class Restart:
    """How a run began as the restart of another, seen from one of its awakeables.

    Attributes:
        ancestors: the run that was restarted, the one that this was restarted from, and so on.
        answer: the text that completed the awakeable, if that was copied along; None when the new run still waits.
        steps: the names of the steps between the answer and the next one that were copied along.
    """

    ancestors: tuple[Ancestor, ...]
    answer: str | None
    steps: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    place: int
    at: datetime


def read_restart(admin: Admin, invocation_id: str, index: int) -> Restart | None:
    """Return what a run took along for the awakeable with ``index``; None when it is no restart of another.

    Raises:
        MalformedId: ``invocation_id`` is none.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    line = _line_of(admin, invocation_id)
    if not line:
        return None
    began = line[0][1]
    signals = [signal for signal in _signals(admin, invocation_id) if signal[1].at < began]
    answer = next((signal for number, signal in signals if number == index), None)
    if answer is None:
        return Restart(tuple(Ancestor(run, had_answer=False) for run, _ in line), None, frozenset())
    until = min((signal.place for _, signal in signals if signal.place > answer.place), default=None)
    steps = _steps(admin, invocation_id, answer.place, until, began)
    return Restart(tuple(Ancestor(run, answer.at < left) for run, left in line), answer.text, steps)


def _line_of(admin: Admin, invocation_id: str) -> list[tuple[str, datetime]]:
    """Return the runs that this one descends from, each with the time at which its restart began."""
    line: list[tuple[str, datetime]] = []
    while len(line) < _LONGEST_LINE and (found := _restarted_from(admin, invocation_id)) is not None:
        line.append(found)
        invocation_id = found[0]
    return line


def _restarted_from(admin: Admin, invocation_id: str) -> tuple[str, datetime] | None:
    rows = admin.query(f"SELECT restarted_from, created_at FROM sys_invocation WHERE id = '{checked(invocation_id)}'")
    if not rows or "restarted_from" not in rows[0]:
        return None
    return rows[0]["restarted_from"], datetime.fromisoformat(rows[0]["created_at"])


def _signals(admin: Admin, invocation_id: str) -> list[tuple[int, _Answer]]:
    """Return what completed the run's awakeables, oldest first, each with the awakeable's index."""
    rows = admin.query(
        "SELECT index, entry_json, appended_at FROM sys_journal "
        f"WHERE id = '{invocation_id}' AND entry_type = 'Notification: Signal' ORDER BY index"
    )
    found = [(json.loads(row["entry_json"])["Notification"]["Signal"], row) for row in rows]
    return [
        (signal["id"]["Index"], _Answer(_text_of(signal["result"]), row["index"], _time(row)))
        for signal, row in found
        if "Index" in signal["id"]
    ]


def _steps(admin: Admin, invocation_id: str, behind: int, until: int | None, began: datetime) -> frozenset[str]:
    """Return the names of the steps behind one place of the journal, and before another, that were copied along."""
    rows = admin.query(
        "SELECT index, name, appended_at FROM sys_journal "
        f"WHERE id = '{invocation_id}' AND entry_type = 'Command: Run' AND index > {behind:d}"
    )
    return frozenset(
        row["name"]
        for row in rows
        if row.get("name") and _time(row) < began and (until is None or row["index"] < until)
    )


def _time(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["appended_at"])


def _text_of(result: Any) -> str:
    """Return the message of a failure, else the payload's JSON text, else the payload as it is."""
    if not isinstance(result, dict):
        return ""
    if "Failure" in result:
        return str(result["Failure"].get("message", ""))
    raw = bytes(result.get("Success") or []).decode("utf-8", errors="replace")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    return value if isinstance(value, str) else raw
