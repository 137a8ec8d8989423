"""Why a run does not get on: what failed since its last step."""

import json
from dataclasses import dataclass

from restate_bridge.admin import Admin
from restate_bridge.ids import checked
from restate_bridge.introspection import JournalEntry, Run


@dataclass(frozen=True, slots=True)
class Failing:
    """A run that is tried again and again.

    Attributes:
        attempt: which one is next, or under way; None when the engine does not tell.
        message: what the last one failed with.
    """

    attempt: int | None
    message: str


def failing_of(admin: Admin, run: Run, journal: list[JournalEntry]) -> Failing | None:
    """Return how a run keeps failing, None for one that gets on, waits or has ended.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if run.status == "backing-off":
        return Failing(run.attempts + 1, run.failure)
    if run.status == "running" and run.attempts > 1 and run.failure:
        return Failing(run.attempts, run.failure)
    if run.status != "ready" or not journal:
        return None
    # After some tries the engine puts a run back into its queue. It is ready then, as a healthy one is, and the run
    # itself tells of no failure any more: what failed stands beside the journal, though not how often.
    message = _failure_since(admin, run.id, journal[-1].index)
    return Failing(None, message) if message else None


def _failure_since(admin: Admin, invocation_id: str, index: int) -> str:
    """Return what failed last behind the journal's entry ``index``; empty when nothing did."""
    rows = admin.query(
        "SELECT event_json FROM sys_journal_events "  # noqa: S608 - the id is checked, the index is a number
        f"WHERE id = '{checked(invocation_id)}' AND event_type = 'TransientError' "
        f"AND after_journal_entry_index >= {index:d} ORDER BY appended_at DESC LIMIT 1"
    )
    return str(json.loads(rows[0]["event_json"]).get("error_message", "")) if rows else ""
