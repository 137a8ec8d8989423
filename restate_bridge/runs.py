"""Lists of runs. Every question reads all runs once, so a page asks few of them, and nobody asks when nobody looks."""

from collections.abc import Collection

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.ids import checked, is_invocation_id
from restate_bridge.listed_run import COLUMNS, FROM, STATE, ListedRun, Place, RunState, listed, state_of
from restate_bridge.run_filters import RunFilter, behind, conditions_of

# ruff: noqa: S608 - queries are built from constants and from what `restate_bridge.sql` has written


def list_runs(admin: Admin, wanted: RunFilter, *, after: Place | None, at_most: int) -> list[ListedRun]:
    """Return runs, newest first.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    conditions = [*conditions_of(wanted), *behind(after)]
    return _selected(admin, " AND ".join(conditions), "run.created_at DESC, run.id DESC", at_most)


def runs_called_by(admin: Admin, invocation_ids: Collection[str], *, at_most: int) -> list[ListedRun]:
    """Return the runs that some runs have called, oldest first; `ListedRun.caller` says which one.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids(invocation_ids)):
        return []
    return _selected(admin, f"run.invoked_by_id IN ({known})", "run.created_at, run.id", at_most)


def restarts_of(admin: Admin, invocation_id: str, *, at_most: int) -> list[ListedRun]:
    """Return the runs that began as restarts of a run, oldest first.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids([invocation_id])):
        return []
    return _selected(admin, f"run.restarted_from IN ({known})", "run.created_at, run.id", at_most)


def find_listed(admin: Admin, invocation_id: str) -> ListedRun | None:
    """Return one run, in whatever state; None when the engine does not know it.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return find_many_listed(admin, [checked(invocation_id)]).get(invocation_id)


def find_many_listed(admin: Admin, invocation_ids: Collection[str]) -> dict[str, ListedRun]:
    """Return those of many runs that the engine knows, in whatever state, by their ids.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    wanted = RunFilter(ids=[known for known in invocation_ids if is_invocation_id(known)], states=set(RunState))
    found = list_runs(admin, wanted, after=None, at_most=len(wanted.ids)) if wanted.ids else []
    return {run.id: run for run in found}


def runs_of_key(
    admin: Admin, service: str, key: str, *, states: Collection[RunState], oldest_first: bool = False, at_most: int
) -> list[ListedRun]:
    """Return runs of one key of a virtual object in some states, by when they were made.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    named = ", ".join(f"'{RunState(state)}'" for state in sorted(states))
    direction = "ASC" if oldest_first else "DESC"
    rows = admin.query(
        f"SELECT {COLUMNS} FROM {FROM} WHERE run.target_service_ty = 'virtual_object' "
        f"AND run.target_service_name = {sql.literal(service)} "
        f"AND COALESCE(run.target_service_key, '') = {sql.literal(key)} AND {STATE} IN ({named}) "
        f"ORDER BY run.created_at {direction}, entry.sequence_number {direction}, run.id {direction} LIMIT {at_most:d}"
    )
    return [listed(row) for row in rows]


def states_of_runs(admin: Admin, invocation_ids: Collection[str]) -> dict[str, RunState]:
    """Return what each of the runs that the engine knows does.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids(invocation_ids)):
        return {}
    rows = admin.query(f"SELECT run.id AS id, {STATE} AS state FROM {FROM} WHERE run.id IN ({known})")
    return {row["id"]: state_of(row["state"]) for row in rows}


def _selected(admin: Admin, condition: str, order: str, at_most: int) -> list[ListedRun]:
    rows = admin.query(f"SELECT {COLUMNS} FROM {FROM} WHERE {condition} ORDER BY {order} LIMIT {at_most:d}")
    return [listed(row) for row in rows]
