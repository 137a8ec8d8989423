"""Changing what a session keeps."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class StateVerb(StrEnum):
    """What can be done to the state of a session."""

    CHANGE = "change"  # one value becomes another
    REMOVE = "remove"  # one value goes
    CLEAR = "clear"  # all values go


class StateOutcome(StrEnum):
    """What came of it, as the state was read back."""

    DONE = "done"
    WAITS = "waits"  # until the session is free
    OVERTAKEN = "overtaken"  # the state is neither what it was nor what it should be


#: What can't be brought back: the operator types the name of the service first.
TYPED: Final = frozenset({StateVerb.REMOVE, StateVerb.CLEAR})
#: So many bytes may stay behind a change: all of them are sent to the engine, which takes a few times this as JSON that
#: names each byte.
MOST_SENT: Final = 500_000


def after(values: Mapping[str, bytes], verb: StateVerb, name: str | None, value: bytes) -> dict[str, bytes]:
    """Return what is kept behind a change of the value of that name, to this value."""
    if verb is StateVerb.CLEAR:
        return {}
    others = {other: kept for other, kept in values.items() if other != name}
    return others | ({name or "": value} if verb is StateVerb.CHANGE else {})


def is_too_large(values: Mapping[str, bytes]) -> bool:
    """Tell whether what is to be kept is more than is sent to the engine."""
    return sum(len(value) for value in values.values()) > MOST_SENT
