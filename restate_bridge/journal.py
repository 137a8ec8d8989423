"""A run's journal, a stretch at a time: what stands in it first, and what its entries hold only when that is asked for.

The engine keeps an outline of each entry (``entry_lite_json``) in which no payload stands: a page that may not show
what a run holds never reads it.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.ids import checked
from restate_bridge.introspection import JournalEntry
from restate_bridge.opening import opened_entry

# ruff: noqa: S608 - queries are built from constants, numbers, ids that `checked` has let through, and `restate_bridge.sql`

_STEPS: Final = "(entry_type LIKE 'Command: %' OR entry_type = 'Notification: Signal')"
#: Of so many bytes at most the message of a step that failed is read with the steps.
LARGEST_FAILURE: Final = 16_384
# What a step failed with is told as what a run failed with is, to whoever may see the run. A rejection is no failure of
# a step: it is what somebody answered.
_COLUMNS: Final = f"""index, entry_type, name, entry_lite_json, raw_length, appended_at,
    CASE WHEN entry_lite_json LIKE '%"result":"Failure"%' AND entry_type <> 'Notification: Signal'
        AND (entry_type LIKE 'Notification: %' OR entry_type = 'Command: Output')
        AND raw_length <= {LARGEST_FAILURE} THEN entry_json END AS failed"""
#: The id of the completion that a notification is, of its outline.
COMPLETION_ID: Final = """CAST(regexp_match(entry_lite_json, '"CompletionId":([0-9]+)')[1] AS INT)"""
_CALLS: Final = "entry_type IN ('Command: Call', 'Command: OneWayCall')"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One entry of a journal, without what it holds.

    Attributes:
        kind: ``Command: Run``, ``Notification: Signal`` and so on.
        name: the step's name, where it has one.
        outline: what the engine tells of it beside its payload, such as ``{"key": "notes"}`` of a state.
        size: how much the entry is, in bytes.
        failure: what it failed with; empty when it did not, or when that is too long to be read with the steps.
    """

    index: int
    kind: str
    name: str
    outline: Mapping[str, Any]
    size: int
    at: datetime | None
    failure: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether it ended, or was answered, with a failure."""
        return bool(self.outline.get("result") == "Failure")

    @property
    def has_unread_failure(self) -> bool:
        """Whether it is a failure whose message is too long to be read with the steps."""
        return self.is_failure and not self.failure and self.size > LARGEST_FAILURE

    @property
    def completion_ids(self) -> list[int]:
        """The ids of the completions that a command waits for: one, or two for a call."""
        return [
            value for key, value in self.outline.items() if key.endswith("completion_id") and isinstance(value, int)
        ]

    @property
    def completes(self) -> int | None:
        """The id of the completion that a notification is, None for everything else."""
        found = _inside(self.outline.get("id"), "CompletionId")
        return found if isinstance(found, int) else None

    @property
    def signal(self) -> int | None:
        """The index of the awakeable that a signal completes, None for everything else."""
        found = _inside(self.outline.get("id"), "SignalIndex")
        return found if isinstance(found, int) else None


@dataclass(frozen=True, slots=True)
class JournalStretch:
    """A stretch of a journal.

    Attributes:
        lines: commands and signals, in the order of the journal.
        completions: what completed the commands among them, by completion ids, wherever in the journal that stands.
        after: the index behind which the next stretch begins; None when this is the last one.
    """

    lines: Sequence[JournalLine] = ()
    completions: Mapping[int, JournalLine] = field(default_factory=dict)
    after: int | None = None


@dataclass(frozen=True, slots=True)
class JournalSize:
    """How long a journal is.

    Attributes:
        steps: how many commands and signals it has.
        calls: how many of those call other runs.
    """

    steps: int
    calls: int


def read_stretch(admin: Admin, invocation_id: str, *, begin: int, at_most: int) -> JournalStretch:
    """Return at most so many commands and signals from the entry ``begin`` on, with what completed them.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    asked = f"index >= {begin:d} AND {_STEPS} ORDER BY index LIMIT {at_most + 1:d}"
    found = _lines(admin, invocation_id, asked)
    lines = found[:at_most]
    waited_for = sorted({known for line in lines for known in line.completion_ids})
    completions = _completions(admin, invocation_id, waited_for)
    return JournalStretch(lines, completions, lines[-1].index if len(found) > at_most else None)


def journal_size(admin: Admin, invocation_id: str) -> JournalSize:
    """Return how long a run's journal is; no step when the engine keeps none.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `read_stretch`.
    """
    rows = admin.query(
        f"SELECT COUNT(*) AS steps, COALESCE(SUM(CASE WHEN {_CALLS} THEN 1 ELSE 0 END), 0) AS calls "
        f"FROM sys_journal WHERE id = '{checked(invocation_id)}' AND {_STEPS}"
    )
    return JournalSize(rows[0]["steps"], rows[0]["calls"])


def begin_of_last(admin: Admin, invocation_id: str, *, at_most: int, before: int | None = None) -> int:
    """Return the entry that the last so many commands and signals begin with, of all or of those before an entry.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `read_stretch`.
    """
    asked = _STEPS if before is None else f"{_STEPS} AND index < {before:d}"
    last = f"SELECT index FROM sys_journal WHERE id = '{checked(invocation_id)}' AND {asked}"
    rows = admin.query(f"SELECT MIN(index) AS begin FROM ({last} ORDER BY index DESC LIMIT {at_most:d})")
    return int(rows[0].get("begin", 0)) if rows else 0


def last_steps(admin: Admin, invocation_id: str, name: str, *, at_most: int) -> JournalStretch:
    """Return the last so many steps of a name, oldest first, with what completed them.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `read_stretch`.
    """
    asked = f"entry_type = 'Command: Run' AND name = {sql.literal(name)} ORDER BY index DESC LIMIT {at_most:d}"
    lines = _lines(admin, invocation_id, asked)[::-1]
    return JournalStretch(
        lines, _completions(admin, invocation_id, {known for line in lines for known in line.completion_ids})
    )


def within(lines: Iterable[JournalLine], *, one: int, together: int) -> tuple[set[int], dict[int, int]]:
    """Return which entries to read, those that come first before the others, and the sizes of those to leave out.

    Args:
        one, together: how much is read of one entry, and of all, in bytes.
    """
    wanted: set[int] = set()
    left_out: dict[int, int] = {}
    left = together
    for line in lines:
        if line.size > min(one, left):
            left_out[line.index] = line.size
            continue
        wanted.add(line.index)
        left -= line.size
    return wanted, left_out


def read_bodies(admin: Admin, invocation_id: str, indexes: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return what entries hold, by their indexes: private, and as large as `JournalLine.size` has said.

    A payload in it is an array of byte values, opened if it was sealed and the key is here:
    ``{"completion_id": 1, "result": {"Success": [34, 34]}}``.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `read_stretch`.
    """
    if not indexes:
        return {}
    wanted = f"id = '{checked(invocation_id)}' AND index IN ({_in(indexes)})"
    rows = admin.query(f"SELECT index, entry_json FROM sys_journal WHERE {wanted}")
    return {row["index"]: opened_entry(unwrapped(row.get("entry_json", "{}"))) for row in rows}


def read_skeleton(admin: Admin, invocation_id: str, *, at_most: int) -> list[JournalEntry]:
    """Return a whole journal as `restate_bridge.introspection.read_journal` does, without what its entries hold.

    Raises:
        MalformedId, EngineAway, EngineRefused: see `read_stretch`.
    """
    # No word of failures: for these the engine reads what entries hold, and this is the whole journal.
    rows = admin.query(
        "SELECT index, entry_type, name, entry_lite_json, appended_at FROM sys_journal "
        f"WHERE id = '{checked(invocation_id)}' ORDER BY index LIMIT {at_most:d}"
    )
    lines = [_line(row) for row in rows]
    return [JournalEntry(line.index, line.kind, line.name, _skeleton(line), line.at) for line in lines]


def _skeleton(line: JournalLine) -> dict[str, Any]:
    return dict(line.outline) if line.completes is None else {"completion_id": line.completes}


def unwrapped(text: str) -> dict[str, Any]:
    """Return an entry as the engine writes it, without its envelope.

    It takes ``{"Command": {"Run": …}}`` or ``{"Notification": {"Completion": {"Run": …}}}`` down to what is inside.
    The outline of a notification is in one piece: ``{"Notification": {"ty": …, "id": …, "result": "Success"}}``.
    """
    entry = json.loads(text)
    inside: Any = entry.get("Command") or entry.get("Notification") or {}
    if "ty" in inside:
        return dict(inside)
    inside = inside.get("Completion", inside)
    body: Any = next(iter(inside.values()), {}) if isinstance(inside, dict) else {}
    return body if isinstance(body, dict) else {}


def _lines(admin: Admin, invocation_id: str, asked: str) -> list[JournalLine]:
    rows = admin.query(f"SELECT {_COLUMNS} FROM sys_journal WHERE id = '{checked(invocation_id)}' AND {asked}")
    return [_line(row) for row in rows]


def _completions(admin: Admin, invocation_id: str, known: Collection[int]) -> dict[int, JournalLine]:
    if not known:
        return {}
    asked = f"entry_type LIKE 'Notification: %' AND {COMPLETION_ID} IN ({_in(known)})"
    return {line.completes: line for line in _lines(admin, invocation_id, asked) if line.completes is not None}


def _in(numbers: Collection[int]) -> str:
    return ", ".join(f"{number:d}" for number in sorted(numbers))


def _line(row: dict[str, Any]) -> JournalLine:
    at = row.get("appended_at")
    return JournalLine(
        index=row["index"],
        kind=row["entry_type"],
        name=row.get("name", ""),
        outline=unwrapped(row.get("entry_lite_json", "{}")),
        size=row.get("raw_length", 0),
        at=datetime.fromisoformat(at) if at else None,
        failure=_failure(row["failed"]) if "failed" in row else "",
    )


def _failure(entry: str) -> str:
    return str(_inside(_inside(unwrapped(entry).get("result"), "Failure"), "message") or "")


def _inside(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None
