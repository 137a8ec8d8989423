"""Runs that wait on awakeables, and whether their journals say that somebody was told of it."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.contract import Kind, announce_step, is_sealed
from restate_bridge.ids import awakeable_id, signal_index
from restate_bridge.introspection import arrived_signals
from restate_bridge.journal import COMPLETION_ID, unwrapped
from restate_bridge.listed_run import ListedRun
from restate_bridge.opening import opened_or_not

# ruff: noqa: S608 - queries are built from constants and from what `restate_bridge.sql` has written

_IS_ANNOUNCING: Final = " OR ".join(f"starts_with(name, {sql.literal(announce_step(kind, ''))})" for kind in Kind)
# A run that has announced more often is told by its last ones.
_ANNOUNCEMENTS: Final = 50
# What is larger is no receipt: that holds two ids and an address.
_LARGEST_RECEIPT: Final = 4_096


@dataclass(frozen=True, slots=True)
class Wait:
    """One awakeable that a run waits on.

    Attributes:
        index: which of the run's signals it is.
    """

    run: ListedRun
    index: int

    @property
    def id(self) -> str:
        """The awakeable's id, by which it is answered."""
        return awakeable_id(self.run.id, self.index)

    @property
    def since(self) -> datetime:
        """When the run was suspended: it waits at least since then."""
        return self.run.modified_at


def waits_of(runs: Sequence[ListedRun]) -> list[Wait]:
    """Return what runs wait on. The engine knows it of suspended runs alone: not of paused ones, nor in the first
    moments, while the run's code is kept in memory.
    """
    return [Wait(run, index) for run in runs for index in run.awakeables]


def open_waits(admin: Admin, waits: Sequence[Wait]) -> list[Wait]:
    """Return those waits that nothing has answered yet: a run that waits on several at once sleeps until the last.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    arrived = arrived_signals(admin, {wait.run.id for wait in waits})
    return [wait for wait in waits if (wait.run.id, wait.index) not in arrived]


def announced_in_journals(admin: Admin, waits: Collection[Wait]) -> set[str]:
    """Return the ids of those awakeables that were announced, or are about to be, as the journals of their runs say.

    A receipt in the journal names the awakeable that was announced. A restarted run holds the receipt of the one
    before, whose awakeable had the same index: it tells the inbox by itself. Where an announcement is under way, it may
    be of any of the run's awakeables.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    announcing = _announce_steps(admin, {wait.run.id for wait in waits})
    receipts = _receipts(admin, announcing)
    return {wait.id for wait in waits if _is_told_of(wait, announcing.get(wait.run.id, ()), receipts)}


def _is_told_of(wait: Wait, steps: Collection[int], receipts: dict[tuple[str, int], int | None]) -> bool:
    results = [receipts.get((wait.run.id, step), wait.index) for step in steps]
    return wait.index in results


def _announce_steps(admin: Admin, invocation_ids: Collection[str]) -> dict[str, list[int]]:
    """Return which completions belong to announcing steps, by the ids of the runs that have some."""
    if not (known := sql.ids(invocation_ids)):
        return {}
    steps = (
        "SELECT id, entry_lite_json, ROW_NUMBER() OVER (PARTITION BY id ORDER BY index DESC) AS place "
        f"FROM sys_journal WHERE entry_type = 'Command: Run' AND ({_IS_ANNOUNCING}) AND id IN ({known})"
    )
    rows = admin.query(f"SELECT id, entry_lite_json FROM ({steps}) WHERE place <= {_ANNOUNCEMENTS}")
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(json.loads(row["entry_lite_json"])["Command"]["Run"]["completion_id"])
    return found


def _receipts(admin: Admin, announcing: dict[str, list[int]]) -> dict[tuple[str, int], int | None]:
    """Return the index of the awakeable that each completed announcement was of, None for what is no receipt."""
    if not (known := sql.ids(announcing)):
        return {}
    numbers = {number for completions in announcing.values() for number in completions}
    listed = ", ".join(f"{number:d}" for number in sorted(numbers))
    rows = admin.query(
        f"SELECT id, {COMPLETION_ID} AS completion, "
        f"CASE WHEN raw_length <= {_LARGEST_RECEIPT} THEN entry_json END AS entry FROM sys_journal "
        f"WHERE entry_type = 'Notification: Run' AND id IN ({known}) AND {COMPLETION_ID} IN ({listed})"
    )
    results = {
        (row["id"], row["completion"]): unwrapped(row.get("entry", "{}")).get("result")
        for row in rows
        if row["completion"] in announcing[row["id"]]
    }
    # What can't be opened may be of any awakeable: it counts as an announcement under way.
    return {place: _announced_index(result) for place, result in results.items() if not _is_closed(result)}


def _is_closed(result: Any) -> bool:
    try:
        return is_sealed(opened_or_not(bytes(result["Success"])))
    except (KeyError, TypeError, ValueError):
        return False


def _announced_index(result: Any) -> int | None:
    # A step of this name may be anybody's, and hold anything.
    try:
        announced = json.loads(opened_or_not(bytes(result["Success"])))["announcement_id"]
        return signal_index(announced) if isinstance(announced, str) else None
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What has completed an awakeable, as the run's journal holds it.

    Attributes:
        text: the payload, or the message of a rejection.
    """

    is_rejection: bool
    text: str


def answers_of(admin: Admin, invocation_ids: Collection[str]) -> dict[tuple[str, int], Answer]:
    """Return what completed the awakeables of runs first, by run and index; later completions count for nothing.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids(invocation_ids)):
        return {}
    rows = admin.query(
        "SELECT id, entry_json FROM sys_journal "
        f"WHERE entry_type = 'Notification: Signal' AND id IN ({known}) ORDER BY index"
    )
    found: dict[tuple[str, int], Answer] = {}
    for run, signal in _signals(rows):
        if "Index" in signal["id"]:
            found.setdefault((run, signal["id"]["Index"]), _answer(signal["result"]))
    return found


def _signals(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        yield row["id"], json.loads(row["entry_json"])["Notification"]["Signal"]


def _answer(result: Any) -> Answer:
    if not isinstance(result, dict):
        return Answer(is_rejection=False, text="")
    if "Failure" in result:
        return Answer(is_rejection=True, text=str(result["Failure"].get("message", "")))
    content = opened_or_not(bytes(result.get("Success") or []))
    return Answer(is_rejection=False, text=content.decode("utf-8", errors="replace"))
