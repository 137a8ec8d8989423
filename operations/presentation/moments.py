"""Times as agents and the engine write them down."""

from datetime import UTC, datetime
from typing import Any


def moment_of(seconds: Any) -> datetime | None:
    """Return the time that is so many seconds after the beginning of 1970; None for what is no time of the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
