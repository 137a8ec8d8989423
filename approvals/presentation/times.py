"""Times and durations in words. `static/js/countersign.js` keeps them fresh with the same rules."""

import math
from datetime import datetime, timedelta
from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
#: A deadline that is nearer than this is shown as near.
NEAR: Final = timedelta(hours=4)


def span(length: timedelta, *, exact: bool = False) -> str:
    """Return a length of time by its largest unit, or by its two largest: ``3 h``, ``3 h 12 min``."""
    seconds = max(0, int(length.total_seconds()))
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    if days:
        return _joined(f"{days} day" if days == 1 else f"{days} days", hours, "h", exact)
    if hours:
        return _joined(f"{hours} h", minutes, "min", exact)
    return f"{minutes} min" if minutes else "under 1 min"


def _joined(large: str, small: int, unit: str, exact: bool) -> str:
    return f"{large} {small} {unit}" if exact and small else large


def in_words(at: datetime, now: datetime, form: str) -> str:
    """Return a time as a page writes it.

    Args:
        form: ``age`` (3 h), ``ago`` (3 h 12 min ago), ``left`` (20 h left), ``remaining`` (20 h 48 min),
            ``until`` (in 3 h 12 min), ``clock`` (09:28:41), ``moment`` (the clock today, with the date on other days)
            or ``since`` (09:28 today, with the date on other days).
    """
    match form:
        case "age":
            return span(now - at)
        case "ago":
            return "just now" if now - at < timedelta(minutes=1) else f"{span(now - at, exact=True)} ago"
        case "left":
            return f"{span(at - now)} left" if at > now else "overdue"
        case "remaining":
            return span(at - now, exact=True) if at > now else "no time left"
        case "until":
            return f"in {span(at - now, exact=True)}" if at > now else "any moment now"
        case "clock" | "moment" | "since":
            return _by_the_clock(at, now, form)
    raise ValueError(f"there is no form {form!r}")


def _by_the_clock(at: datetime, now: datetime, form: str) -> str:
    if form != "clock" and at.date() != now.date():
        return f"{at.day} {at:%b, %H:%M}"
    return f"{at:%H:%M}" if form == "since" else f"{at:%H:%M:%S}"


def countdown(left: timedelta) -> str:
    """Return how soon something small happens: ``in 4 s``, and ``in a moment`` when its time has come."""
    seconds = math.ceil(left.total_seconds())
    return f"in {seconds} s" if seconds > 0 else "in a moment"


def duration(length: timedelta) -> str:
    """Return how long a step took: ``84 ms``, ``1.9 s``, ``2 min 5 s``, then as `span` does."""
    seconds = length.total_seconds()
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min {int(seconds % _MINUTE)} s"
    return span(length, exact=True)


def share_used(begin: datetime, end: datetime, now: datetime) -> int:
    """Return how much of the time between two moments has passed, in percent, 0 to 100."""
    whole = (end - begin).total_seconds()
    return 100 if whole <= 0 else round(100 * min(1, max(0, (now - begin).total_seconds() / whole)))
