"""Many runs, for whoever steers them together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from approvals.engine import admin_for_pages
from operations.rules.control import Obstacle, Verb, obstacle_to
from operations.rules.run_query import RunQuery
from operations.selectors.run import waits_can_be_paused
from operations.selectors.runs import filter_of
from restate_bridge.listed_run import ENDED, ListedRun, Place, RunState
from restate_bridge.run_counts import count_runs
from restate_bridge.runs import find_many_listed, list_runs


@dataclass(frozen=True, slots=True)
class RunsToSteer:
    """Runs as they are now, with what can be done to them.

    Attributes:
        possible: to these it can be done.
        impossible: to these it can't, and why.
        unknown: how many of those that were picked the engine does not know.
        more: how many others behind the last of these there are to which it could be done.
    """

    possible: Sequence[ListedRun]
    impossible: Sequence[tuple[ListedRun, Obstacle]] = ()
    unknown: int = 0
    more: int = 0

    @property
    def next(self) -> Place | None:
        """Behind which run the others begin; None where there are none."""
        return self.possible[-1].place if self.more else None


def picked_runs(verb: Verb, invocation_ids: Collection[str]) -> RunsToSteer:
    """Return the runs that somebody has picked.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    found = find_many_listed(admin_for_pages(), invocation_ids)
    obstacles = _obstacles(verb)
    return RunsToSteer(
        possible=[run for run in found.values() if not obstacles[run.state]],
        impossible=[(run, why) for run in found.values() if (why := obstacles[run.state])],
        unknown=len(set(invocation_ids)) - len(found),
    )


def matching_runs(
    verb: Verb, query: RunQuery, *, now: datetime, after: Place | None = None, at_most: int
) -> RunsToSteer:
    """Return those of the runs that a list holds to which ``verb`` can be done, newest first.

    Many stay what they were when it was done to them: a run that was restarted has failed all the same. So whoever goes
    on begins behind the last one, and what a restart has made meanwhile is not among those that come.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    listed = filter_of(query, now)
    possible = {state for state, why in _obstacles(verb).items() if not why}
    wanted = replace(listed, states=(set(listed.states) or set(RunState) - ENDED) & possible)
    if not wanted.states:
        return RunsToSteer(possible=())
    runs = list_runs(admin_for_pages(), wanted, after=after, at_most=at_most)
    if len(runs) < at_most:
        return RunsToSteer(possible=runs)
    counts = count_runs(admin_for_pages(), wanted, after=runs[-1].place)
    return RunsToSteer(possible=runs, more=sum(counts.get(state, 0) for state in wanted.states))


def _obstacles(verb: Verb) -> Mapping[RunState, Obstacle | None]:
    can_pause = waits_can_be_paused()
    return {state: obstacle_to(verb, state, waits_can_be_paused=can_pause) for state in RunState}
