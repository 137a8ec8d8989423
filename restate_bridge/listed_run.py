"""A run as the engine's tables tell of it, and what it does in one word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from restate_bridge.ids import FIRST_AWAKEABLE_INDEX
from restate_bridge.long_texts import beginning_of, with_cut_marked


class RunState(StrEnum):
    """What a run does, as people tell it apart: finer than the engine's status, which is the same for all waits."""

    WAITING = "waiting"  # on an awakeable, so on somebody outside
    ASLEEP = "asleep"  # on a timer or on another run
    RUNNING = "running"
    RETRYING = "retrying"
    PAUSED = "paused"
    QUEUED = "queued"  # behind another run of its key
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    KILLED = "killed"


#: The states in which no code of a run will run again.
ENDED: Final = frozenset({RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED, RunState.KILLED})

# The engine lists the signals that a run waits on one by one; those that it waits on together with others (of several
# all, or the first) stand in what it awaits alone.
_AWAITS_AWAKEABLE: Final = f"""(array_max(run.suspended_waiting_for_signals) >= {FIRST_AWAKEABLE_INDEX}
        OR regexp_like(run.suspended_waiting_future_json, '"SignalIndex":(1[7-9]|[2-9][0-9]|[1-9][0-9][0-9])'))"""
_SIGNAL: Final = re.compile(r'"SignalIndex":([0-9]+)')
# A run that keeps failing is `ready` again after a few tries, as a healthy one is: its entry in the queue tells. Only
# the scheduler that can pause waiting runs has those; the other one counts in the run itself.
STATE: Final = f"""CASE
    WHEN run.completion_failure = '[409] killed' THEN 'killed'
    WHEN run.completion_failure = '[409] cancelled' THEN 'cancelled'
    WHEN run.completion_failure IS NOT NULL THEN 'failed'
    WHEN run.status = 'suspended' AND {_AWAITS_AWAKEABLE} THEN 'waiting'
    WHEN run.status = 'suspended' THEN 'asleep'
    WHEN run.status = 'backing-off' OR (run.status IN ('ready', 'running')
        AND (entry.status = 'backing-off' OR run.retry_count > 1)) THEN 'retrying'
    WHEN run.status = 'ready' THEN 'running'
    WHEN run.status = 'pending' THEN 'queued'
    ELSE run.status END"""
FROM: Final = "sys_invocation run LEFT JOIN sys_vqueues entry ON entry.entry_id = run.id"
COLUMNS: Final = f"""run.id AS id, {STATE} AS state,
    run.target_service_name AS service, run.target_service_key AS key, run.target_handler_name AS handler,
    run.created_at AS created_at, run.modified_at AS modified_at,
    CASE WHEN run.status = 'scheduled' THEN COALESCE(run.scheduled_start_at, entry.run_at) END AS scheduled_for,
    run.pinned_deployment_id AS deployment, run.restarted_from AS restarted_from, run.invoked_by_id AS caller,
    {beginning_of("run.last_failure")} AS failure,
    {beginning_of("run.completion_failure")} AS completion_failure,
    GREATEST(COALESCE(entry.num_attempts, 0), COALESCE(run.retry_count, 0)) AS attempts,
    COALESCE(entry.run_at, run.next_retry_at) AS next_try_at,
    run.suspended_waiting_for_signals AS signals, run.suspended_waiting_future_json AS awaits"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list of runs, newest first: just behind this one."""

    created_at: datetime
    id: str


def target_of(service: str, key: str, handler: str) -> str:
    """Return what a run is of in one text: ``Claims/a-session/ask``, ``Mail/send`` where there is no key."""
    return "/".join(filter(None, (service, key, handler)))


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run as a list shows it.

    Attributes:
        key: of a virtual object or workflow; empty for a service.
        scheduled_for: when it is to start, None for one that started at once.
        deployment: the one that it is pinned to, empty before it has started.
        attempts: how often it was begun or gone on with, at least: quick retries are not counted for long.
        next_try_at: when it is tried again, of one that is retried.
        failure: the last one, or the one that it ended with, of a long one the beginning; empty when there is none, or
            only its events tell.
        awakeables: the indexes of those that it waits on.
        caller: the run that called it, empty when that was no run.
    """

    id: str
    state: RunState
    service: str
    key: str
    handler: str
    created_at: datetime
    modified_at: datetime
    scheduled_for: datetime | None = None
    deployment: str = ""
    attempts: int = 0
    next_try_at: datetime | None = None
    failure: str = ""
    restarted_from: str = ""
    caller: str = ""
    awakeables: Sequence[int] = ()

    @property
    def place(self) -> Place:
        """Where it stands in a list."""
        return Place(self.created_at, self.id)

    @property
    def target(self) -> str:
        """What it is a run of, in one text."""
        return target_of(self.service, self.key, self.handler)


def listed(row: dict[str, Any]) -> ListedRun:
    return ListedRun(
        id=row["id"],
        state=state_of(row["state"]),
        service=row["service"],
        key=row.get("key", ""),
        handler=row["handler"],
        created_at=datetime.fromisoformat(row["created_at"]),
        modified_at=datetime.fromisoformat(row["modified_at"]),
        scheduled_for=_time(row, "scheduled_for"),
        deployment=row.get("deployment", ""),
        attempts=row["attempts"],
        next_try_at=_time(row, "next_try_at"),
        failure=with_cut_marked(row.get("completion_failure") or row.get("failure", "")),
        restarted_from=row.get("restarted_from", ""),
        caller=row.get("caller", ""),
        awakeables=_awakeables(row),
    )


def _awakeables(row: dict[str, Any]) -> list[int]:
    signals = {*row.get("signals", ()), *map(int, _SIGNAL.findall(row.get("awaits", "")))}
    return sorted(index for index in signals if index >= FIRST_AWAKEABLE_INDEX)


def state_of(name: str) -> RunState:
    # One that the engine has learned since: something goes on.
    return RunState(name) if name in list(RunState) else RunState.RUNNING


def _time(row: dict[str, Any], column: str) -> datetime | None:
    return datetime.fromisoformat(row[column]) if column in row else None
