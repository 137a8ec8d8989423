"""How alike two calls of the same tool are, and in what they differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from pydantic import JsonValue

from restate_bridge.contract import canonical_json

Arguments = dict[str, JsonValue]

#: From this share on, arguments are nearly the same.
NEARLY: Final = 0.75
# Arguments with more values than this are compared by their digests alone.
_MOST_LEAVES: Final = 200
# Of longer texts the beginnings are compared: the work grows with the square of the length.
_MOST_CHARACTERS: Final = 160
# After so many different texts the rest counts as different: a page waits for this.
_MOST_TEXTS: Final = 12
# Texts less alike than this by their letters alone are not worth a closer look.
_HARDLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same; ``then`` or ``now`` is None as well where there is no such argument."""

    path: str
    then: JsonValue
    now: JsonValue


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two calls are.

    Attributes:
        share: 0 for nothing in common, 1 for the same; each value counts as much as any other.
        differences: what is not the same, in the order of the arguments as they are now.
    """

    share: float
    differences: tuple[Difference, ...] = ()


def likeness_of(then: Arguments, now: Arguments) -> Likeness | None:
    """Compare two calls value by value; None when they hold too many values for that."""
    before, after = dict(_leaves(then)), dict(_leaves(now))
    paths = [*after, *(path for path in before if path not in after)]
    if len(paths) > _MOST_LEAVES:
        return None
    differences, alike, texts = [], 0.0, 0
    for path in paths:
        old, new = before.get(path), after.get(path)
        if path in before and path in after and canonical_json(old) == canonical_json(new):
            alike += 1
            continue
        differences.append(Difference(path, old, new))
        texts += isinstance(new, str)
        if texts <= _MOST_TEXTS:
            alike += _near(old, new)
    return Likeness(alike / len(paths) if paths else 1.0, tuple(differences))


def _leaves(arguments: Arguments) -> Iterator[tuple[str, JsonValue]]:
    """Yield the values with their dotted paths, in order, and one more than are compared at most."""
    waiting: list[tuple[str, JsonValue]] = list(reversed(list(arguments.items())))
    yielded = 0
    while waiting and yielded <= _MOST_LEAVES:
        path, value = waiting.pop()
        inside = _inside(value)
        if inside:
            waiting += [(f"{path}.{step}", part) for step, part in reversed(inside)]
        else:
            yielded += 1
            yield path, value


def _inside(value: JsonValue) -> list[tuple[str, JsonValue]]:
    """Return the parts of an object or a list, no more than are compared."""
    if isinstance(value, dict):
        return list(value.items())[: _MOST_LEAVES + 1]
    if isinstance(value, list):
        return [(str(number), part) for number, part in enumerate(value[: _MOST_LEAVES + 1])]
    return []


def _near(then: JsonValue, now: JsonValue) -> float:
    """Return how near two different values are: numbers and texts may be, everything else is not."""
    if isinstance(then, str) and isinstance(now, str):
        return _texts_alike(then, now)
    numbers = _number(then), _number(now)
    if numbers[0] is not None and numbers[1] is not None:
        return _numbers_alike(numbers[0], numbers[1])
    return 0.0


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _numbers_alike(then: float, now: float) -> float:
    """Return how near two different numbers are, measured by the larger."""
    return max(0.0, 1 - abs(then - now) / max(abs(then), abs(now)))


def _texts_alike(then: str, now: str) -> float:
    matcher = SequenceMatcher(None, then[:_MOST_CHARACTERS], now[:_MOST_CHARACTERS], autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _HARDLY:
        return 0.0
    # Long texts that begin alike are still not the same.
    return min(matcher.ratio(), 0.99)
