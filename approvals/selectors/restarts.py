"""What the engine knows about a restarted run."""

from approvals.engine import admin
from approvals.errors import NotRestarted
from restate_bridge.contract import Rebinding
from restate_bridge.ids import signal_index
from restate_bridge.restarts import Restart, read_restart


def restart_of(rebinding: Rebinding) -> Restart:
    """Return what a restarted run took along for the awakeable that it waits for.

    Raises:
        NotRestarted: the engine knows of no restart, so the run can't hold another one's announcement.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    run = rebinding.run.invocation_id
    restart = read_restart(admin(), run, signal_index(rebinding.awakeable_id))
    if restart is None:
        raise NotRestarted(f"the engine knows of no restart that made {run}")
    return restart
