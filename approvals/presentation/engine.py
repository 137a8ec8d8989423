"""What is in the way between the inbox and the agents, for the header of every page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from approvals.models import EngineSight
from restate_bridge.health import ADMIN_API

#: A courier that has not looked for this long is not seen as running.
UNSEEN_AFTER: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Who is away, ``restate``, ``admin`` (Restate's admin API alone) or ``courier``, and since when."""

    away: str
    since: datetime


def trouble_in(sight: EngineSight | None, now: datetime) -> Trouble | None:
    """Return what is in the way at ``now``; None when nothing is, or nobody ever looked."""
    if sight is None:
        return None
    if now - sight.looked_at > UNSEEN_AFTER:
        # What a courier saw that long ago of Restate says nothing about now.
        return Trouble("courier", sight.looked_at)
    if sight.away_since is None:
        return None
    return Trouble("admin" if sight.problem.startswith(ADMIN_API) else "restate", sight.away_since)
