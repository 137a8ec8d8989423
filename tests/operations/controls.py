"""The engine's control as it is when something comes in between, and what the record then has of a run."""

from typing import Any

from operations.models import OperatorEvent
from restate_bridge.control import Answer, Control
from restate_bridge.errors import EngineAway

#: An id of a run that no engine has.
NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"
NOBODY_THERE = "http://127.0.0.1:9"


def recorded(run: str) -> list[str]:
    """Return the lines that the record has of a run, by their codes."""
    return [event.code for event in OperatorEvent.objects.filter(invocation_id=run)]


class Unanswering(Control):
    """Does what it is told to, and gives no answer."""

    def _do(self, invocation_id: str, verb: str, **parameters: Any) -> Answer:
        super()._do(invocation_id, verb, **parameters)
        raise EngineAway("Restate can't be reached: timed out")


class TooLate(Control):
    """Pauses runs that somebody has killed a moment before."""

    def pause(self, invocation_id: str) -> Answer:
        """Kill it first."""
        super().kill(invocation_id)
        return super().pause(invocation_id)
