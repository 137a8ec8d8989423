"""Waiting until the engine has given a run up for now, and sending it on."""

from restate_bridge.admin import Admin
from restate_bridge.attempts import last_failures
from tests.agents.engine.house import Turn
from tests.agents.stand_in_inbox import wait_for


def paused(turn: Turn) -> str:
    """Wait until the run is paused, and return why."""
    wait_for(lambda: turn.status()["status"] == "paused", "the run is paused")
    return last_failures(Admin(turn.house.admin_url), [turn.invocation_id])[turn.invocation_id]


def resume(turn: Turn) -> None:
    """Let a paused run go on."""
    turn.house.steer(turn.invocation_id, "resume")
