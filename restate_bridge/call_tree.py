"""The runs that a run has called, and those that they have called themselves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from restate_bridge.listed_run import ListedRun

_DEEPEST: Final = 4
#: How many runs of each generation are read.
AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class CalledRun:
    """A run that another one has called, with those that it has called itself."""

    run: ListedRun
    calls: Sequence["CalledRun"] = ()


@dataclass(frozen=True, slots=True)
class Calls:
    """What a run has called.

    Attributes:
        are_all: whether no generation was too many, or too far away, to be read.
    """

    runs: Sequence[CalledRun] = ()
    are_all: bool = True


def calls_of(invocation_id: str, called_by: Callable[..., Sequence[ListedRun]]) -> Calls:
    """Return what a run has called, oldest first.

    Args:
        called_by: takes ids of runs, and returns those that these have called, at most `AT_MOST`.
    """
    generations = list(_generations(invocation_id, called_by))
    return Calls(
        _nested(invocation_id, generations),
        len(generations) < _DEEPEST and all(len(generation) < AT_MOST for generation in generations),
    )


def _generations(invocation_id: str, called_by: Callable[..., Sequence[ListedRun]]) -> Iterator[Sequence[ListedRun]]:
    callers = [invocation_id]
    for _ in range(_DEEPEST):
        generation = called_by(*callers)
        if not generation:
            return
        yield generation
        callers = [called.id for called in generation]


def _nested(caller: str, generations: Sequence[Sequence[ListedRun]]) -> list[CalledRun]:
    if not generations:
        return []
    first, later = generations[0], generations[1:]
    return [CalledRun(run, _nested(run.id, later)) for run in first if run.caller == caller]
