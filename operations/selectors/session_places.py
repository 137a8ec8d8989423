"""Where a page of sessions begins, as an address holds it."""

from operations.selectors.places import time_in
from restate_bridge.sessions import SessionPlace


def written(place: SessionPlace) -> str:
    """Return a place as text that `read` reads back."""
    return f"{place.latest.isoformat()}~{place.service}~{place.key}"


def read(text: str) -> SessionPlace | None:
    """Return the place that an address names; None for none, and for what is none."""
    # The name of a service holds no tilde; a key may hold anything.
    at, first, rest = text.partition("~")
    service, second, key = rest.partition("~")
    latest = time_in(at)
    return SessionPlace(latest, service, key) if latest and first and second else None
