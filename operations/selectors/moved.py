"""Runs that operators have moved to newer code, and that do not get on with it."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from operations.models import OperatorEvent
from restate_bridge.admin import Admin
from restate_bridge.listed_run import RunState
from restate_bridge.runs import find_many_listed

_MOVES: Final = ("run.move.asked", "run.resume.asked")
# So many moves are looked back at.
_MOST: Final = 500
_STUCK: Final = frozenset({RunState.RETRYING, RunState.PAUSED})


def count_stuck_since_moved(admin: Admin) -> Mapping[str, int]:
    """Return how many runs can only go back to the code that they were moved away from, by that deployment's id.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    lines = OperatorEvent.objects.filter(code__in=_MOVES).order_by("-pk").values_list("invocation_id", "data")
    moved = {(run, data.get("from", "")) for run, data in lines[:_MOST]}
    found = find_many_listed(admin, {run for run, former in moved if former})
    stuck = {run.id: run.deployment for run in found.values() if run.state in _STUCK}
    return Counter(former for run, former in moved if former and run in stuck and stuck[run] != former)
