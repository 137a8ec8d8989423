"""One run, for whoever steers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from approvals.engine import admin_for_pages
from approvals.models import ApprovalRequest
from approvals.rules.lifecycle import Status
from operations.rules.control import MOVABLE, Obstacle, Verb, obstacle_to_keeping_code, obstacles_in
from operations.rules.restarting import MOST_RESTARTS, RestartPoint, restart_points
from operations.selectors.engine import shared
from restate_bridge.deployments import Deployment, list_deployments
from restate_bridge.journal import read_skeleton
from restate_bridge.listed_run import ENDED, ListedRun, RunState
from restate_bridge.runs import find_listed, restarts_of
from restate_bridge.version import engine_version

_WHOLE: Final = 100_000  # entries


@dataclass(frozen=True, slots=True)
class Holding:
    """How many requests of a run wait, and how many of them an operator holds."""

    waiting: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class SteeredRun:
    """A run as it is now, with what can be done to it.

    Attributes:
        points: from which steps it can be restarted; read for a restart alone, and none before it has ended.
        restarts: the runs that began as restarts of it, oldest first; read with its points.
        codes: the deployments that have its service, newest first; none unless it waits or is paused.
        has_its_code: whether there is still the deployment that it is pinned to; read for a restart alone.
    """

    id: str
    service: str
    key: str
    handler: str
    state: RunState
    obstacles: Mapping[Verb, Obstacle | None]
    points: Sequence[RestartPoint] = ()
    restarts: Sequence[ListedRun] = ()
    holding: Holding = field(default_factory=Holding)
    codes: Sequence[Deployment] = ()
    has_its_code: bool = True

    def point(self, entry: str) -> RestartPoint | None:
        """Return the place to restart from that an address names, the input alone for none; None for what is none."""
        wanted = int(entry) if entry.isdecimal() and len(entry) < 10 else 0
        return next((point for point in self.points if point.entry == wanted), None)


def run_to_steer(invocation_id: str, verb: Verb) -> SteeredRun | None:
    """Return a run with what a verb's page shows of it; None when the engine does not know it.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    run = find_listed(admin_for_pages(), invocation_id)
    if run is None:
        return None
    if verb is not Verb.RESTART:
        return steered(run)
    restarts = restarts_of(admin_for_pages(), run.id, at_most=MOST_RESTARTS) if run.state in ENDED else ()
    has_its_code = not obstacle_to_keeping_code(run.deployment, {code.id for code in codes_for(run.service)})
    return replace(steered(run), points=points_of(run), restarts=restarts, has_its_code=has_its_code)


def steered(run: ListedRun) -> SteeredRun:
    """Return what can be done to a run that was just read, without the steps that it can be restarted from.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    codes = codes_for(run.service) if run.state in MOVABLE else ()
    obstacles = _obstacles(run, codes)
    holding = holding_of(run.id)
    return SteeredRun(run.id, run.service, run.key, run.handler, run.state, obstacles, holding=holding, codes=codes)


def points_of(run: ListedRun) -> list[RestartPoint]:
    """Return the steps that a run can be restarted from; none before it has ended.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`; a long journal takes the engine a while.
    """
    if run.state not in ENDED:
        return []
    # The whole of it, or steps that run again would be missing from the warning; what they hold is no matter here.
    return restart_points(read_skeleton(admin_for_pages(), run.id, at_most=_WHOLE))


def _obstacles(run: ListedRun, codes: Sequence[Deployment]) -> Mapping[Verb, Obstacle | None]:
    obstacles = obstacles_in(run.state, waits_can_be_paused=waits_can_be_paused())
    if run.state in MOVABLE and not _has_newer_code(run, codes):
        return {**obstacles, Verb.MOVE: Obstacle.HAS_THE_NEWEST}
    return obstacles


def _has_newer_code(run: ListedRun, codes: Sequence[Deployment]) -> bool:
    """Tell whether there is newer code than the run's; one that has taken no step gets that by itself."""
    newest = max(codes, key=lambda code: code.services[run.service], default=None)
    return bool(run.deployment) and newest is not None and newest.id != run.deployment


def codes_for(service: str) -> list[Deployment]:
    """Return the deployments that have a service, newest first.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return [deployment for deployment in list_deployments(admin_for_pages()) if service in deployment.services]


def holding_of(invocation_id: str) -> Holding:
    """Return what of a run can be held, and is."""
    pending = ApprovalRequest.objects.filter(invocation_id=invocation_id, status=Status.PENDING)
    held = pending.values_list("held_at", flat=True)
    return Holding(waiting=len(held), held=sum(at is not None for at in held))


def waits_can_be_paused() -> bool:
    """Tell whether the engine can pause a run that waits.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return shared(_waits_can_be_paused)


def _waits_can_be_paused() -> bool:
    return engine_version(admin_for_pages()).waits_can_be_paused
