"""Reading runs and their journals from the engine."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from restate_bridge.admin import Admin
from restate_bridge.ids import MalformedId, is_invocation_id

# ruff: noqa: S608 - queries are built from constants and from ids that `_checked` has let through

_RUN_COLUMNS: Final = (
    "id, target, target_service_name, target_service_key, target_handler_name, status, created_at, modified_at, "
    "pinned_deployment_id, retry_count, last_failure, completion_result, completion_failure"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One invocation, as ``sys_invocation`` shows it.

    Attributes:
        status: pending, scheduled, ready, running, backing-off, suspended, paused or completed.
        failure: the last failure, or the one it ended with; empty when there is none.
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

    @property
    def has_ended(self) -> bool:
        """Whether no code of it will run again."""
        return self.status == "completed"

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
    rows = admin.query(f"SELECT {_RUN_COLUMNS} FROM sys_invocation WHERE id = '{_checked(invocation_id)}'")
    return _run(rows[0]) if rows else None


def read_journal(admin: Admin, invocation_id: str, *, at_most: int = 500) -> list[JournalEntry]:
    """Return a run's journal, oldest first; empty when the engine keeps none.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `find_run`.
    """
    rows = admin.query(
        "SELECT index, entry_type, name, entry_json, appended_at FROM sys_journal "
        f"WHERE id = '{_checked(invocation_id)}' ORDER BY index LIMIT {at_most:d}"
    )
    return [_entry(row) for row in rows]


def signal_arrived(admin: Admin, invocation_id: str, index: int) -> bool:
    """Tell whether an awakeable's completion stands in the run's journal.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `find_run`.
    """
    rows = admin.query(
        "SELECT entry_lite_json FROM sys_journal "
        f"WHERE id = '{_checked(invocation_id)}' AND entry_type = 'Notification: Signal'"
    )
    ids = [json.loads(row["entry_lite_json"])["Notification"]["id"] for row in rows]
    return any(found.get("SignalIndex") == index for found in ids)


def decode_payload(payload: Any) -> Any:
    """Return what an array of byte values holds: JSON, else text, else the number of its bytes."""
    raw = bytes(payload)
    try:
        return json.loads(raw)
    except ValueError:
        pass
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"{len(raw)} bytes"


def _checked(invocation_id: str) -> str:
    if not is_invocation_id(invocation_id):
        raise MalformedId(f"{invocation_id!r} is not an invocation id")
    return invocation_id


def _run(row: dict[str, Any]) -> Run:
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
        failure=row.get("completion_failure") or row.get("last_failure") or "",
    )


def _entry(row: dict[str, Any]) -> JournalEntry:
    at = row.get("appended_at")
    return JournalEntry(
        index=row["index"],
        kind=row["entry_type"],
        name=row.get("name", ""),
        body=_unwrap(json.loads(row.get("entry_json", "{}"))),
        at=datetime.fromisoformat(at) if at else None,
    )


def _unwrap(entry: dict[str, Any]) -> dict[str, Any]:
    """Take ``{"Command": {"Run": …}}`` or ``{"Notification": {"Completion": {"Run": …}}}`` down to what is inside."""
    inside: Any = entry.get("Command") or entry.get("Notification") or {}
    inside = inside.get("Completion", inside)
    body: Any = next(iter(inside.values()), {})
    return body if isinstance(body, dict) else {}
