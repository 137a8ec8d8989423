"""What a restarted run took along from the one before.

A restart copies the journal up to the chosen entry into a new run. Measured on Restate 1.7.12, and held by a test
against the engine: copied entries keep the time at which they were appended, so they are older than the new run.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from restate_bridge.admin import Admin
from restate_bridge.contract import ACKNOWLEDGING, claimed_decision_id, token_in_reject_text
from restate_bridge.ids import checked
from restate_bridge.opening import opened_or_not

# ruff: noqa: S608 - queries are built from constants and from ids that `checked` has let through

#: How many restarts of restarts are followed back.
_LONGEST_LINE: Final = 50
_STEP: Final = "Command: Run"
_CAME_OF_IT: Final = "Notification: Run"


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
        steps: the names of the steps that dealt with the answer and were copied along, from its acknowledgement on.
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
    steps = _steps(admin, invocation_id, answer, began)
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


def _steps(admin: Admin, invocation_id: str, answer: _Answer, began: datetime) -> frozenset[str]:
    """Return the names of the steps that were copied along, from the one that acknowledged an answer to the next such.

    Several answers may have come before the first was looked at. What acknowledged this one has its decision's id.
    """
    decision = claimed_decision_id(token_in_reject_text(answer.text))
    rows = admin.query(
        "SELECT index, entry_type, name, appended_at FROM sys_journal "
        f"WHERE id = '{invocation_id}' AND index > {answer.place:d} "
        f"AND entry_type IN ('{_STEP}', '{_CAME_OF_IT}') ORDER BY index"
    )
    copied = [row for row in rows if _time(row) < began]
    begins = [place for place, row in enumerate(copied) if row.get("name", "").startswith(ACKNOWLEDGING)]
    for place, following in pairwise([*begins, len(copied)]):
        dealt_with = copied[place:following]
        came_of_it = next((row["index"] for row in dealt_with if row["entry_type"] == _CAME_OF_IT), None)
        if decision and came_of_it is not None and decision in _completed_with(admin, invocation_id, came_of_it):
            return frozenset(row["name"] for row in dealt_with if row.get("name"))
    return frozenset()


def _completed_with(admin: Admin, invocation_id: str, place: int) -> str:
    """Return what a step came to, as text."""
    rows = admin.query(f"SELECT entry_json FROM sys_journal WHERE id = '{invocation_id}' AND index = {place:d}")
    inside = json.loads(rows[0]["entry_json"])["Notification"]["Completion"]["Run"] if rows else {}
    return _text_of(inside.get("result"))


def _time(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["appended_at"])


def _text_of(result: Any) -> str:
    """Return the message of a failure, else the payload's JSON text, else the payload as it is."""
    if not isinstance(result, dict):
        return ""
    if "Failure" in result:
        return str(result["Failure"].get("message", ""))
    raw = opened_or_not(bytes(result.get("Success") or [])).decode("utf-8", errors="replace")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    return value if isinstance(value, str) else raw
