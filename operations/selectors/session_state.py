"""The whole of what a session keeps, for whoever changes it: the engine replaces it as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from operations.digests import digest
from operations.errors import TooLarge
from restate_bridge.admin import Admin
from restate_bridge.session_state import StateName, has_the_key, state_names, state_values, state_version

MOST_NAMES: Final = 1_000
#: So many bytes are read for a change, a part of them at a time: the engine's name for the whole is made of all.
MOST_READ: Final = 16_000_000
_AT_A_TIME: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class StateNow:
    """What a session keeps now.

    Attributes:
        version: the engine's name for the whole of it.
        holder: the run that has the key for itself, empty when none does.
    """

    values: Mapping[str, bytes]
    version: str
    holder: str

    def seen(self, name: str | None) -> str:
        """Return what tells whether a value (of no name: the whole) is still what somebody saw; empty for none."""
        if name is None:
            return digest(self.version.encode())
        return digest(self.values[name]) if name in self.values else ""


def state_now(admin: Admin, service: str, key: str) -> StateNow:
    """Return what a session keeps.

    Raises:
        TooLarge: it is more than is read for a change.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    names = state_names(admin, service, key, at_most=MOST_NAMES + 1)
    if len(names) > MOST_NAMES or sum(value.size for value in names) > MOST_READ:
        raise TooLarge(f"{service}/{key}")
    values: dict[str, bytes] = {}
    for part in _parts(names):
        values |= state_values(admin, service, key, part)
    # Should a run change it between two parts, the whole is none that the engine knows, and a change is dropped.
    return StateNow(values, state_version(values), has_the_key(admin, service, key))


def _parts(names: Sequence[StateName]) -> Iterator[list[str]]:
    """Yield the names in parts that are read at once; what is too large for that goes alone."""
    part: list[str] = []
    room = _AT_A_TIME
    for value in names:
        if part and value.size > room:
            yield part
            part, room = [], _AT_A_TIME
        part.append(value.name)
        room -= value.size
    if part:
        yield part
