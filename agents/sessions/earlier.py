"""Which turns of a conversation are summed up, and which stay as they were said."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from google.adk.events.event import Event

#: So many of the latest turns stay, besides the one that has just ended, as long as they are half of the bytes or less.
KEPT: Final = 4


@dataclass(frozen=True)
class Bounds:
    """How long a conversation may become.

    Attributes:
        turns: after so many turns the earlier ones are summed up; 0 means never.
        size: and so, whatever their number, when they are longer than this, in bytes of JSON.
    """

    turns: int
    size: int

    def doubled(self) -> "Bounds":
        """Return twice as much."""
        return Bounds(self.turns * 2, self.size * 2)

    def are_passed_by(self, events: Iterable[Event], this_turn: str) -> bool:
        """Return whether the turns before this one are too many or too long.

        This one does not count: where a replay makes it anew it may be longer or shorter, and must not be decided
        about in another way.
        """
        turns = _turns_before(events, this_turn)
        return self.turns > 0 and (len(turns) >= self.turns or sum(map(_size, turns)) > self.size)


def split(events: Iterable[Event], this_turn: str, bounds: Bounds) -> tuple[list[Event], list[Event]]:
    """Return the events that are summed up, of one turn at least, and those that stay.

    What sums up still earlier ones is in neither.
    """
    turns = _turns_before(events, this_turn)
    room, kept = bounds.size // 2, 0
    for turn in reversed(turns[max(1, len(turns) - KEPT) :]):
        room -= _size(turn)
        if room < 0:
            break
        kept += 1
    early = [event for turn in turns[: len(turns) - kept] for event in turn]
    told = {event.id for event in early}
    return early, [event for event in events if event.id not in told and not event.actions.compaction]


def summary_in(events: Iterable[Event]) -> Event | None:
    """Return the event that holds the latest summary, if there is one."""
    return next((event for event in reversed(list(events)) if event.actions.compaction), None)


def _turns_before(events: Iterable[Event], this_turn: str) -> list[list[Event]]:
    said = [event for event in events if event.invocation_id != this_turn and not event.actions.compaction]
    return [list(turn) for _, turn in groupby(said, key=lambda event: event.invocation_id)]


def _size(turn: list[Event]) -> int:
    return sum(len(event.model_dump_json().encode()) for event in turn)
