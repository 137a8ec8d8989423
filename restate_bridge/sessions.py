"""Sessions: the keys of virtual objects, with what runs, waits and is kept under each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.listed_run import RunState
from restate_bridge.runs import states_of_runs

# ruff: noqa: S608 - queries are built from constants and from what `restate_bridge.sql` has written

#: How the names begin under which ADK's sessions are kept.
CONVERSATION: Final = "session_store::"

_NEVER: Final = "TIMESTAMP '1970-01-01T00:00:00Z'"
_GOES_ON: Final = "status NOT IN ('pending', 'completed')"
# A key is known by its runs, or by what is kept under it: state stays when the runs are long forgotten. The state of
# workflows is none of a session. Both are laid one below the other and summed up: with ten thousand sessions a join of
# the two needs more memory than a small engine gives its queries.
_SESSIONS: Final = f"""
SELECT service, key, COALESCE(MAX(made), {_NEVER}) AS latest, SUM(queued) AS queued, SUM(going_on) AS going_on,
    MIN(going) AS first, SUM(names) AS names, SUM(size) AS size, SUM(conversations) AS conversations
FROM (
    SELECT target_service_name AS service, COALESCE(target_service_key, '') AS key, created_at AS made,
        CASE WHEN status = 'pending' THEN 1 ELSE 0 END AS queued,
        CASE WHEN {_GOES_ON} THEN 1 ELSE 0 END AS going_on,
        CASE WHEN {_GOES_ON} THEN CONCAT(CAST(created_at AS VARCHAR), ' ', id) END AS going,
        0 AS names, 0 AS size, 0 AS conversations
    FROM sys_invocation WHERE target_service_ty = 'virtual_object'
    UNION ALL
    SELECT service_name, service_key, NULL, 0, 0, NULL, 1, value_length,
        CASE WHEN starts_with(key, '{CONVERSATION}') THEN 1 ELSE 0 END
    FROM state WHERE service_name NOT IN (SELECT name FROM sys_service WHERE ty = 'workflow')
) GROUP BY service, key
"""


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions a list holds. What is empty or False does not matter.

    Attributes:
        service: exactly this.
        words: occur in the service and the key, as ``service/key``.
        busy: something goes on or queues there.
        talks: it holds a conversation.
    """

    service: str = ""
    words: str = ""
    busy: bool = False
    talks: bool = False


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """A place in a list of sessions, the latest used first: just behind this one."""

    latest: datetime
    service: str
    key: str


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as a list shows it.

    Attributes:
        latest: when its latest run was made; None when the engine keeps none of its runs.
        run, state: the oldest run that goes on there, and what it does; None when nothing does.
        going_on: how many runs do, those of shared handlers with it; what queues is not counted.
        queued: how many calls wait for their turn.
        names: how many values are kept under it.
        size: how long these are together, in bytes.
    """

    service: str
    key: str
    place: SessionPlace
    latest: datetime | None
    run: str = ""
    state: RunState | None = None
    going_on: int = 0
    queued: int = 0
    names: int = 0
    size: int = 0
    has_conversation: bool = False


def list_sessions(
    admin: Admin, wanted: SessionFilter, *, after: SessionPlace | None, at_most: int
) -> list[ListedSession]:
    """Return sessions, the latest used first; two queries, which read all runs and the names of all state once.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    conditions = [*_conditions(wanted), *_behind(after)]
    rows = admin.query(
        f"SELECT * FROM ({_SESSIONS}) session WHERE {' AND '.join(conditions) or 'true'} "
        f"ORDER BY latest DESC, service, key LIMIT {at_most:d}"
    )
    first = {(row["service"], row["key"]): row["first"].rpartition(" ")[2] for row in rows if "first" in row}
    states = states_of_runs(admin, first.values())
    return [_listed(row, first.get((row["service"], row["key"]), ""), states) for row in rows]


def _conditions(wanted: SessionFilter) -> list[str]:
    conditions = []
    if wanted.service:
        conditions.append(f"service = {sql.literal(wanted.service)}")
    if wanted.words:
        conditions.append(f"contains(lower(CONCAT(service, '/', key)), lower({sql.literal(wanted.words)}))")
    if wanted.busy:
        conditions.append("going_on + queued > 0")
    if wanted.talks:
        conditions.append("conversations > 0")
    return conditions


def _behind(place: SessionPlace | None) -> list[str]:
    if place is None:
        return []
    at, service, key = sql.instant(place.latest), sql.literal(place.service), sql.literal(place.key)
    further = f"(service > {service} OR (service = {service} AND key > {key}))"
    return [f"(latest < {at} OR (latest = {at} AND {further}))"]


def _listed(row: dict[str, Any], run: str, states: Mapping[str, RunState]) -> ListedSession:
    latest = datetime.fromisoformat(row["latest"])
    return ListedSession(
        service=row["service"],
        key=row["key"],
        place=SessionPlace(latest, row["service"], row["key"]),
        latest=latest if latest.timestamp() else None,
        run=run,
        # One that has ended between the two queries ran a moment ago.
        state=states.get(run, RunState.RUNNING) if run else None,
        going_on=row["going_on"],
        queued=row["queued"],
        names=row["names"],
        size=row["size"],
        has_conversation=row["conversations"] > 0,
    )
