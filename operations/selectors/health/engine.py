"""How the engine is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from approvals.engine import admin_for_pages
from operations.selectors.engine import shared
from restate_bridge.cluster import cluster_of
from restate_bridge.errors import BridgeError
from restate_bridge.health import ADMIN_API, Health
from restate_bridge.version import engine_version

_PATIENCE: Final = 1.5


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """The engine as it answers now.

    Attributes:
        problem: in its own words, empty when it is well.
        only_admin: whether decisions go out all the same.
        features: the names of those that are on.
        nodes: how many belong to it, whether or not they run.
    """

    problem: str = ""
    only_admin: bool = False
    version: str = ""
    features: Sequence[str] = ()
    waits_can_be_paused: bool = False
    nodes: int = 0


def engine_health() -> EngineHealth:
    """Ask the engine, once for all who look at the same moment."""
    try:
        return shared(_engine_health)
    except BridgeError as error:
        return EngineHealth(str(error))


def _engine_health() -> EngineHealth:
    admin = admin_for_pages()
    problem = Health(settings.RESTATE_INGRESS_URL, admin, timeout=_PATIENCE).problem()
    if problem:
        return EngineHealth(problem, only_admin=problem.startswith(ADMIN_API))
    try:
        version, cluster = engine_version(admin), cluster_of(admin)
    except BridgeError as error:
        return EngineHealth(f"{ADMIN_API}: {error}", only_admin=True)
    return EngineHealth(
        version=version.version,
        features=sorted(version.features),
        waits_can_be_paused=version.waits_can_be_paused,
        nodes=len(cluster.nodes),
    )
