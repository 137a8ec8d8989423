"""What is in a decision's way to the agents, for the header of every page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from approvals.models import EngineSight

#: A courier that has not looked for this long is not seen as running.
UNSEEN_AFTER: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Who is away, ``restate`` or ``courier``, and since when."""

    away: str
    since: datetime


def trouble_in(sight: EngineSight | None, now: datetime) -> Trouble | None:
    """Return what keeps decisions from going out at ``now``; None when nothing does, or nobody ever looked."""
    if sight is None:
        return None
    if now - sight.looked_at > UNSEEN_AFTER:
        # What a courier saw that long ago of Restate says nothing about now.
        return Trouble("courier", sight.looked_at)
    return Trouble("restate", sight.away_since) if sight.away_since else None
