"""What happens around a run: who waits behind it, and what has changed since it began."""

from dataclasses import dataclass
from typing import Final

from restate_bridge.admin import Admin
from restate_bridge.ids import checked

# By a join, since keys are anybody's text and must not get into a query. What queues for a key is `pending` in
# sys_invocation with either scheduler; sys_inbox stays empty with the one that lets waiting runs be paused.
_AROUND: Final = """
SELECT me.pinned_deployment_id AS pinned, service.deployment_id AS newest,
    SUM(CASE WHEN other.status = 'pending' THEN 1 ELSE 0 END) AS behind,
    SUM(CASE WHEN other.status IN ('running', 'backing-off', 'suspended', 'paused', 'completed')
        AND other.target_handler_name = me.target_handler_name AND other.created_at > me.created_at
        THEN 1 ELSE 0 END) AS later
FROM sys_invocation me
LEFT JOIN sys_service service ON service.name = me.target_service_name
LEFT JOIN sys_invocation other ON other.target_service_name = me.target_service_name
    AND other.target_service_key = me.target_service_key AND other.id <> me.id
WHERE me.id = '{run}'
GROUP BY me.pinned_deployment_id, service.deployment_id
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around a run.

    Attributes:
        deployment: the one that the run is pinned to; empty before it has started.
        newest_deployment: the one that its service's next run gets; empty when the service is gone.
        behind: how many calls wait in the queue of its key until it ends.
        later: how many runs of the same handler and key began after it and have got further than the queue.
    """

    deployment: str = ""
    newest_deployment: str = ""
    behind: int = 0
    later: int = 0


def surroundings_of(admin: Admin, invocation_id: str) -> Surroundings | None:
    """Return what is around a run, None when the engine does not know it; one query, which scans the runs.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(_AROUND.format(run=checked(invocation_id)))
    if not rows:
        return None
    row = rows[0]
    return Surroundings(row.get("pinned", ""), row.get("newest", ""), row["behind"], row["later"])
