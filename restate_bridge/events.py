"""What happened beside a run's journal: when it was suspended, and for what."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from restate_bridge.admin import Admin
from restate_bridge.ids import checked

# ruff: noqa: S608 - queries are built from constants, from numbers and from ids that are checked


@dataclass(frozen=True, slots=True)
class Suspension:
    """A run stopped until something arrives.

    Attributes:
        after: the last entry of its journal then: since that one it had nothing else to do.
        at: when it stopped, which may be a while later.
    """

    after: int
    at: datetime


def suspensions(
    admin: Admin, invocation_id: str, *, begin: int, until: int | None, at_most: int
) -> dict[int, Suspension]:
    """Return how a run was first suspended for each of its awakeables, by their indexes.

    Args:
        begin, until: between these entries of its journal.
        at_most: read so many suspensions.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    between = f"after_journal_entry_index >= {begin:d}"
    if until is not None:
        between += f" AND after_journal_entry_index < {until:d}"
    rows = admin.query(
        "SELECT after_journal_entry_index, appended_at, event_json FROM sys_journal_events "
        f"WHERE id = '{checked(invocation_id)}' AND event_type = 'Suspended' AND {between} "
        f"ORDER BY appended_at LIMIT {at_most:d}"
    )
    first: dict[int, Suspension] = {}
    for row in rows:
        suspended = Suspension(row["after_journal_entry_index"], datetime.fromisoformat(row["appended_at"]))
        for index in _signals(json.loads(row["event_json"]).get("awaiting_on")):
            first.setdefault(index, suspended)
    return first


def _signals(awaited: Any) -> Iterator[int]:
    """Return the indexes of signals in what a run waits for: any nesting of ``FirstCompleted`` and the like."""
    if isinstance(awaited, dict):
        if isinstance(index := awaited.get("SignalIndex"), int):
            yield index
        awaited = list(awaited.values())
    if isinstance(awaited, list):
        for part in awaited:
            yield from _signals(part)
