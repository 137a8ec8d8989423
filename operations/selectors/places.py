"""Where a page of runs begins, as an address holds it."""

from datetime import UTC, datetime
from typing import Final

from restate_bridge.ids import is_invocation_id
from restate_bridge.listed_run import Place

# The engine's times are nanoseconds in 64 bits.
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2262, 1, 1, tzinfo=UTC)


def written(place: Place) -> str:
    """Return a place as text that `read` reads back."""
    return f"{place.created_at.isoformat()}~{place.id}"


def read(text: str) -> Place | None:
    """Return the place that an address names; None for none, and for what is none."""
    at, _, known = text.partition("~")
    created_at = time_in(at)
    return Place(created_at, known) if created_at and is_invocation_id(known) else None


def time_in(text: str) -> datetime | None:
    """Return the time that a part of an address names, in UTC; None for none, and for what the engine can't compare."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo and _FIRST <= at < _LAST else None
    except (ValueError, OverflowError):
        return None
