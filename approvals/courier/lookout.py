"""Whether the engine is there, and who is told."""

from datetime import datetime, timedelta
from typing import Final

from approvals.services.engine_sight import note_engine_sight
from restate_bridge.health import Health

_EVERY: Final = timedelta(seconds=8)
_WHILE_AWAY: Final = timedelta(seconds=2)


class Lookout:
    """Looks whether the engine is there, and writes it down for the pages.

    One round uses it; `doubt` may be called from any thread.

    Attributes:
        next_look: when it looks again unless something happens; None before it has ever looked.
    """

    def __init__(self, health: Health) -> None:
        """Make it; it looks when it is asked first."""
        self._health = health
        self._problem = ""
        self._noted_at: datetime | None = None
        self._doubted = False
        self.next_look: datetime | None = None

    @property
    def was_there(self) -> bool:
        """Whether the engine was there when it was looked at last."""
        return not self._problem

    def doubt(self) -> None:
        """Somebody had trouble with the engine: look again instead of relying on what was seen."""
        self._doubted = True

    def is_there(self, now: datetime) -> bool:
        """Tell whether the engine is there, looking again when it is time to."""
        if self._doubted or self.next_look is None or now >= self.next_look:
            self._doubted = False
            self._see(self._health.problem(), now)
        return self.was_there

    def look_again(self, now: datetime) -> None:
        """Look at once, since a call to the engine has failed: which side of it is away, if any."""
        self._see(self._health.problem(), now)

    def _see(self, problem: str, now: datetime) -> None:
        self.next_look = now + (_WHILE_AWAY if problem else _EVERY)
        if problem != self._problem or self._noted_at is None or now >= self._noted_at + _EVERY:
            note_engine_sight(at=now, problem=problem)
            self._problem, self._noted_at = problem, now
