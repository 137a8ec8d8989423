"""Reading runs and their journals from the engine."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.ids import checked
from restate_bridge.opening import opened_entry

# ruff: noqa: S608 - queries are built from constants and from ids that `checked` has let through

_RUN_COLUMNS: Final = (
    "id, target, target_service_name, target_service_key, target_handler_name, status, created_at, modified_at, "
    "pinned_deployment_id, retry_count, last_failure, completion_failure, restarted_from"
)


class Ending(StrEnum):
    """How a run has ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    KILLED = "killed"


# How `completion_failure` shows what was done to a run.
_BY_FAILURE: Final = {"": Ending.COMPLETED, "[409] killed": Ending.KILLED, "[409] cancelled": Ending.CANCELLED}


@dataclass(frozen=True, slots=True)
class Run:
    """One invocation, as ``sys_invocation`` shows it.

    Attributes:
        status: pending, scheduled, ready, running, backing-off, suspended, paused or completed.
        failure: the last failure, or the one it ended with; empty when there is none.
        ending: how it has ended, None while it goes on.
        restarted_from: the id of the run that it is a restart of; empty when it is none.
    """

    id: str
    target: str
    service: str
    key: str
    handler: str
    status: str
    created_at: datetime
    modified_at: datetime
    deployment: str
    attempts: int
    failure: str
    ending: Ending | None = None
    restarted_from: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether no code of it will run again."""
        return self.ending is not None

    @property
    def is_paused(self) -> bool:
        """Whether it goes on only when somebody resumes it."""
        return self.status == "paused"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of a run's journal.

    Attributes:
        kind: ``Command: Run``, ``Notification: Signal`` and so on.
        name: the step's name, where it has one.
        body: the entry without its envelope, such as ``{"completion_id": 1, "result": {...}}``.
    """

    index: int
    kind: str
    name: str
    body: dict[str, Any]
    at: datetime | None


def find_run(admin: Admin, invocation_id: str) -> Run | None:
    """Return a run, or None when the engine does not know it (any more).

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(f"SELECT {_RUN_COLUMNS} FROM sys_invocation WHERE id = '{checked(invocation_id)}'")
    return _run(rows[0]) if rows else None


def read_journal(admin: Admin, invocation_id: str, *, at_most: int = 500) -> list[JournalEntry]:
    """Return a run's journal, oldest first; empty when the engine keeps none.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `find_run`.
    """
    rows = admin.query(
        "SELECT index, entry_type, name, entry_json, appended_at FROM sys_journal "
        f"WHERE id = '{checked(invocation_id)}' ORDER BY index LIMIT {at_most:d}"
    )
    return [_entry(row) for row in rows]


def find_runs(admin: Admin, invocation_ids: Collection[str]) -> dict[str, Run]:
    """Return those of many runs that the engine knows, by their ids, in one query.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids(invocation_ids)):
        return {}
    rows = admin.query(f"SELECT {_RUN_COLUMNS} FROM sys_invocation WHERE id IN ({known})")
    return {row["id"]: _run(row) for row in rows}


def arrived_signals(admin: Admin, invocation_ids: Collection[str]) -> set[tuple[str, int]]:
    """Return which awakeables' completions stand in the journals of many runs, in one query: (run, signal index).

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids(invocation_ids)):
        return set()
    rows = admin.query(
        f"SELECT id, entry_lite_json FROM sys_journal WHERE entry_type = 'Notification: Signal' AND id IN ({known})"
    )
    signals = ((row["id"], json.loads(row["entry_lite_json"])["Notification"]["id"]) for row in rows)
    return {(run, named["SignalIndex"]) for run, named in signals if "SignalIndex" in named}


def decode_payload(payload: Any) -> Any:
    """Return what an array of byte values holds: JSON, else text, else the number of its bytes.

    JSON that is nested too deeply to be read is text.
    """
    raw = bytes(payload)
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        pass
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"{len(raw)} bytes"


def _run(row: dict[str, Any]) -> Run:
    failure = row.get("completion_failure", "")
    return Run(
        id=row["id"],
        target=row["target"],
        service=row["target_service_name"],
        key=row.get("target_service_key", ""),
        handler=row["target_handler_name"],
        status=row["status"],
        created_at=datetime.fromisoformat(row["created_at"]),
        modified_at=datetime.fromisoformat(row["modified_at"]),
        deployment=row.get("pinned_deployment_id", ""),
        attempts=row.get("retry_count", 0),
        failure=failure or row.get("last_failure", ""),
        ending=_BY_FAILURE.get(failure, Ending.FAILED) if row["status"] == "completed" else None,
        restarted_from=row.get("restarted_from", ""),
    )


def _entry(row: dict[str, Any]) -> JournalEntry:
    at = row.get("appended_at")
    return JournalEntry(
        index=row["index"],
        kind=row["entry_type"],
        name=row.get("name", ""),
        body=opened_entry(_unwrap(json.loads(row.get("entry_json", "{}")))),
        at=datetime.fromisoformat(at) if at else None,
    )


def _unwrap(entry: dict[str, Any]) -> dict[str, Any]:
    """Take ``{"Command": {"Run": …}}`` or ``{"Notification": {"Completion": {"Run": …}}}`` down to what is inside."""
    inside: Any = entry.get("Command") or entry.get("Notification") or {}
    inside = inside.get("Completion", inside)
    body: Any = next(iter(inside.values()), {})
    return body if isinstance(body, dict) else {}
