"""Whose evening is meant: the zone that a browser says its reader is in."""

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

#: The cookie in which the script keeps the browser's zone, as `static/js/zone.js` writes it.
ZONE_COOKIE: Final = "zone"


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of a name such as ``Asia/Seoul``; None when there is none of that name."""
    return ZoneInfo(name) if name in _names() else None


@cache
def _names() -> frozenset[str]:
    # Asked of the list, because a name that came from outside would be looked up as the path of a file.
    return frozenset(available_timezones())
