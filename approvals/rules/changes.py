"""What differs between two versions of the arguments: values in, a list of changes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum, StrEnum
from typing import Final, Literal

from pydantic import JsonValue

from restate_bridge.contract import UnserialisableArguments, canonical_json


class Missing(Enum):
    """There is nothing: not even a null."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
type Value = JsonValue | Literal[Missing.MISSING]
type Steps = tuple[str | int, ...]

#: Lists longer than this are compared place by place: aligning them would take too long.
_LONGEST_ALIGNED: Final = 400


class Kind(StrEnum):
    """What happened to a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not what it was.

    Attributes:
        steps: the way to it, keys and indexes; of a removed one in the version before, else in the one after.
        before: what it was, `MISSING` where it was added.
        after: what it is, `MISSING` where it was removed.
    """

    steps: Steps
    kind: Kind
    before: Value
    after: Value

    @property
    def path(self) -> str:
        """The way as a dotted path."""
        return ".".join(str(step) for step in self.steps)


def changes_between(before: Value, after: Value, steps: Steps = ()) -> list[Change]:
    """Return what differs as JSON (1800 and 1800.0 do not), as deep down as it can be told."""
    return list(_walk(before, after, steps))


def same(one: Value, other: Value) -> bool:
    """Tell whether two values are the same as JSON."""
    if one is MISSING or other is MISSING:
        return one is other
    return _key(one) == _key(other)


def _walk(before: Value, after: Value, steps: Steps) -> Iterator[Change]:
    if same(before, after):
        return
    if before is MISSING or after is MISSING:
        yield Change(steps, Kind.ADDED if before is MISSING else Kind.REMOVED, before, after)
    elif isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            yield from _walk(before.get(name, MISSING), after.get(name, MISSING), (*steps, name))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _walk_lists(before, after, steps)
    else:
        yield Change(steps, Kind.CHANGED, before, after)


def _walk_lists(before: list[JsonValue], after: list[JsonValue], steps: Steps) -> Iterator[Change]:
    for start, end, fresh_start, fresh_end in _differing(before, after):
        pairs = min(end - start, fresh_end - fresh_start)
        for offset in range(pairs):
            place = (*steps, fresh_start + offset)
            yield from _walk(before[start + offset], after[fresh_start + offset], place)
        for index in range(start + pairs, end):
            yield Change((*steps, index), Kind.REMOVED, before[index], MISSING)
        for index in range(fresh_start + pairs, fresh_end):
            yield Change((*steps, index), Kind.ADDED, MISSING, after[index])


def _differing(before: list[JsonValue], after: list[JsonValue]) -> list[tuple[int, int, int, int]]:
    """Return the stretches of two lists that differ, items that only moved up or down left out."""
    if max(len(before), len(after)) > _LONGEST_ALIGNED:
        return [(0, len(before), 0, len(after))]
    old, new = [_key(item) for item in before], [_key(item) for item in after]
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(a, b, c, d) for operation, a, b, c, d in opcodes if operation != "equal"]


def _key(value: JsonValue) -> bytes:
    try:
        return canonical_json(value)
    except UnserialisableArguments:
        # It will be refused, but can be shown until then.
        return repr(value).encode("utf-8", "backslashreplace")
