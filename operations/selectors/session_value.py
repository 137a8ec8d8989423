"""One value of a session. Private: whoever is shown it, `operations.services.looking` has recorded it before."""

from dataclasses import dataclass
from typing import Final

from approvals.engine import admin_for_pages
from restate_bridge.errors import BridgeError
from restate_bridge.session_state import state_size, state_values

#: So many bytes a page reads of one value; what is larger is not shown.
MOST_ALONE: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class SessionValue:
    """A value of a session.

    Attributes:
        size: in bytes; None when nothing of that name is kept.
        value: None when it is too large, or not there.
        away: why nothing could be read, empty when the engine answered.
    """

    service: str
    key: str
    name: str
    size: int | None = None
    value: bytes | None = None
    away: str = ""


def session_value(service: str, key: str, name: str) -> SessionValue:
    """Return a value of a session; the engine being away is part of the answer. Nobody shares it: it is private."""
    admin = admin_for_pages()
    try:
        size = state_size(admin, service, key, name)
        # It may grow until it is read, by what a run keeps at a time.
        found = state_values(admin, service, key, [name]) if size is not None and size <= MOST_ALONE else {}
    except BridgeError as error:
        return SessionValue(service, key, name, away=str(error))
    return SessionValue(service, key, name, size, found.get(name))
