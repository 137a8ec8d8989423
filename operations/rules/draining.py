"""Whether a deployment is still needed: by runs that go on with it, or by those that are to come."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from restate_bridge.deployments import Deployment
from restate_bridge.listed_run import RunState

#: How many runs go on with a deployment, by the names of their services and their states.
type Pinned = Mapping[str, Mapping[RunState, int]]


class Need(StrEnum):
    """Why a deployment can't be removed now."""

    NEW_RUNS = "new-runs"  # they would go there
    OLD_RUNS = "old-runs"  # they go on with it
    WAY_BACK = "way-back"  # of runs that were moved away from it, and do not get on with the newer code


@dataclass(frozen=True, slots=True)
class Standing:
    """A deployment, and what depends on it.

    Attributes:
        newest: the services whose new runs go there, by name.
        pinned: how many runs go on with it, by their services and states.
        stuck: how many were moved away from it, and do not get on with the newer code; read where nothing else is in
            the way of removing it.
    """

    deployment: Deployment
    newest: Sequence[str] = ()
    pinned: Pinned = field(default_factory=dict)
    stuck: int = 0

    @property
    def runs(self) -> int:
        """How many runs go on with it."""
        return pinned_runs(self.pinned)

    @property
    def states(self) -> Mapping[RunState, int]:
        """How many of them there are in each state."""
        return _by_state(self.pinned.values())

    @property
    def waiting(self) -> int:
        """How many of them wait for people."""
        return self.states.get(RunState.WAITING, 0)

    @property
    def outdated(self) -> Mapping[RunState, int]:
        """How many of them have code that is not the newest of their service, by their states."""
        return _by_state(states for service, states in self.pinned.items() if service not in self.newest)

    @property
    def outdated_runs(self) -> int:
        """How many those are in all."""
        return sum(self.outdated.values())

    @property
    def is_old(self) -> bool:
        """Whether there is newer code for any of its services."""
        return len(self.newest) < len(self.deployment.services)

    @property
    def needs(self) -> list[Need]:
        """What stands in the way of removing it."""
        ways = {Need.NEW_RUNS: bool(self.newest), Need.OLD_RUNS: self.runs > 0, Need.WAY_BACK: self.stuck > 0}
        return [need for need, is_there in ways.items() if is_there]

    @property
    def is_drained(self) -> bool:
        """Whether nothing would be missed without it: no run goes on with it, and no new one would."""
        return not self.needs


def standings(
    deployments: Sequence[Deployment], latest: Mapping[str, int], pinned: Mapping[str, Pinned]
) -> list[Standing]:
    """Return how each deployment stands.

    Args:
        latest: the newest revision of each service.
        pinned: how many runs each has, by its id.
    """
    return [
        Standing(
            deployment,
            sorted(name for name, revision in deployment.services.items() if latest.get(name) == revision),
            pinned.get(deployment.id, {}),
        )
        for deployment in deployments
    ]


def pinned_runs(pinned: Pinned) -> int:
    """Return how many runs go on with a deployment."""
    return sum(_by_state(pinned.values()).values())


def confirmation_for(uri: str) -> str:
    """Return what is typed to confirm something about an address: it, without its scheme and last slash."""
    return (uri.partition("://")[2] or uri).rstrip("/")


def _by_state(counted: Iterable[Mapping[RunState, int]]) -> Mapping[RunState, int]:
    together: Counter[RunState] = Counter()
    for states in counted:
        together.update(states)
    return together
