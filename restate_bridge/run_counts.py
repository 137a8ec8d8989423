"""How many runs there are, by what they do and by the code that they go on with. Every count reads all runs once."""

from collections.abc import Collection, Sequence
from typing import Any

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.listed_run import FROM, STATE, Place, RunState, state_of
from restate_bridge.run_filters import RunFilter, behind, conditions_of

# ruff: noqa: S608 - queries are built from constants and from what `restate_bridge.sql` has written


def count_retried(admin: Admin) -> dict[tuple[str, str], int]:
    """Return how many runs are tried again, by deployment and service; the former is empty before the first step.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(
        "SELECT COALESCE(run.pinned_deployment_id, '') AS deployment, run.target_service_name AS service, "
        f"COUNT(*) AS number FROM {FROM} WHERE {STATE} = '{RunState.RETRYING}' GROUP BY 1, 2"
    )
    return {(row["deployment"], row["service"]): row["number"] for row in rows}


def count_refused(admin: Admin) -> dict[tuple[str, str], int]:
    """Return how many of those that `count_retried` counts their endpoint refused last, with 401, as nobody's calls.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(
        "SELECT COALESCE(run.pinned_deployment_id, '') AS deployment, run.target_service_name AS service, "
        f"COUNT(*) AS number FROM {FROM} JOIN ("
        # A failure can be of any length. This one is short, and no code that fails has its number.
        "SELECT id, last_value(left(event_json, 200) ORDER BY appended_at) AS failure FROM sys_journal_events "
        "WHERE event_type = 'TransientError' GROUP BY id) latest ON latest.id = run.id "
        f"WHERE {STATE} = '{RunState.RETRYING}' AND latest.failure LIKE "
        """'%"error_message":"unexpected http status code: 401 %","restate_doc_error_code":"RT0012"%' GROUP BY 1, 2"""
    )
    return {(row["deployment"], row["service"]): row["number"] for row in rows}


def count_runs(admin: Admin, wanted: RunFilter, *, after: Place | None = None) -> dict[RunState, int]:
    """Return how many runs there are in each state, of those behind a place; the states of ``wanted`` do not matter.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    conditions = [*conditions_of(wanted, of_states=False), *behind(after)] or ["true"]
    rows = admin.query(
        f"SELECT {STATE} AS state, COUNT(*) AS number FROM {FROM} WHERE {' AND '.join(conditions)} GROUP BY 1"
    )
    return {state_of(row["state"]): row["number"] for row in rows}


def count_pinned(admin: Admin) -> dict[str, dict[str, dict[RunState, int]]]:
    """Return how many runs go on with each deployment: by its id, their services and states; the ended do not count.

    A run is pinned by its first step. One without a step yet gets the newest code, whatever began it.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(
        "SELECT run.pinned_deployment_id AS deployment, run.target_service_name AS service, "
        f"{STATE} AS state, COUNT(*) AS number FROM {FROM} "
        "WHERE run.status <> 'completed' AND run.pinned_deployment_id IS NOT NULL GROUP BY 1, 2, 3"
    )
    return _counted(rows, "deployment", "service")


def count_unpinned(admin: Admin, services: Collection[str]) -> dict[str, dict[str, dict[RunState, int]]]:
    """Return how many runs of some services have not taken a step: by service, handler and state.

    They are queued, scheduled, or wait before their first step, and go on with the newest code.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not services:
        return {}
    names = ", ".join(map(sql.literal, sorted(services)))
    rows = admin.query(
        "SELECT run.target_service_name AS service, run.target_handler_name AS handler, "
        f"{STATE} AS state, COUNT(*) AS number FROM {FROM} WHERE run.status <> 'completed' "
        f"AND run.pinned_deployment_id IS NULL AND run.target_service_name IN ({names}) GROUP BY 1, 2, 3"
    )
    return _counted(rows, "service", "handler")


def queued_behind(admin: Admin, invocation_ids: Collection[str]) -> dict[str, int]:
    """Return how many calls wait in the queue of each run's key; of those where none does, nothing.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids(invocation_ids)):
        return {}
    rows = admin.query(
        "SELECT me.id AS id, COUNT(*) AS number FROM sys_invocation me JOIN sys_invocation other "
        "ON other.target_service_name = me.target_service_name AND other.target_service_key = me.target_service_key "
        f"WHERE me.id IN ({known}) AND me.status NOT IN ('pending', 'completed') AND other.status = 'pending' "
        "GROUP BY me.id"
    )
    return {row["id"]: row["number"] for row in rows}


def _counted(rows: Sequence[dict[str, Any]], outer: str, inner: str) -> dict[str, dict[str, dict[RunState, int]]]:
    counted: dict[str, dict[str, dict[RunState, int]]] = {}
    for row in rows:
        states, state = counted.setdefault(row[outer], {}).setdefault(row[inner], {}), state_of(row["state"])
        states[state] = states.get(state, 0) + row["number"]
    return counted
