"""The runs around a run: who called it, whom it called, and what it is a restart of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from approvals.engine import admin_for_pages
from operations.selectors.engine import shared
from restate_bridge.call_tree import AT_MOST, CalledRun, Calls, calls_of
from restate_bridge.listed_run import ENDED, ListedRun
from restate_bridge.runs import find_many_listed, restarts_of, runs_called_by

_RESTARTS: Final = 20


@dataclass(frozen=True, slots=True)
class Relatives:
    """The runs around a run.

    Attributes:
        caller, origin: the one that called it, and the one that it is a restart of; None when there is none, or the
            engine does not know it any more: `ListedRun.caller` and `ListedRun.restarted_from` tell these apart.
        restarts: those that began as restarts of it, oldest first.
        calls: those that it called, each with its own.
        are_all: whether no generation was too many, or too far away, to be read.
    """

    caller: ListedRun | None = None
    origin: ListedRun | None = None
    restarts: Sequence[ListedRun] = ()
    calls: Sequence[CalledRun] = ()
    are_all: bool = True


def relatives_of(run: ListedRun, *, has_called: bool) -> Relatives:
    """Return the runs around ``run``. What can't be there is not asked for: that reads all runs.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    known = find_many_listed(admin_for_pages(), {*filter(None, (run.caller, run.restarted_from))})
    calls = calls_of(run.id, lambda *callers: shared(_called, *callers)) if has_called else Calls()
    return Relatives(
        caller=known.get(run.caller),
        origin=known.get(run.restarted_from),
        restarts=shared(_restarts, run.id) if run.state in ENDED else (),
        calls=calls.runs,
        are_all=calls.are_all,
    )


def _called(*invocation_ids: str) -> list[ListedRun]:
    return runs_called_by(admin_for_pages(), invocation_ids, at_most=AT_MOST)


def _restarts(invocation_id: str) -> list[ListedRun]:
    return restarts_of(admin_for_pages(), invocation_id, at_most=_RESTARTS)
