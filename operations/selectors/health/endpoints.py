"""How the agents' endpoints are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from approvals.engine import admin_for_pages
from operations.rules.draining import Pinned, pinned_runs
from operations.selectors.engine import shared
from restate_bridge.deployments import Deployment, latest_revisions, list_deployments
from restate_bridge.endpoints import Answer, ask_endpoints
from restate_bridge.errors import BridgeError
from restate_bridge.run_counts import count_pinned, count_refused, count_retried

_PATIENCE: Final = 1.0
_AT_MOST: Final = 20
# Endpoints are asked less often than the engine: each time is a call to every machine that hosts agents.
_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class EndpointHealth:
    """A deployment's address, who needs it, and what it answered.

    Attributes:
        is_latest: whether a new run of one of its services comes here.
        runs: how many that have not ended need it.
        failing: how many are tried again there: of these, and of those that it is to begin.
        refused: how many of those it refused last, as calls that nobody had signed whom it knows.
        answer: None when it was not asked, such as one that is no address but a function's name.
    """

    deployment: Deployment
    is_latest: bool
    runs: int
    failing: int
    refused: int = 0
    answer: Answer | None = None

    @property
    def is_needed(self) -> bool:
        """Whether runs need it, or are to."""
        return self.is_latest or self.runs > 0

    @property
    def is_missed(self) -> bool:
        """Whether it is needed and can't be reached from here. Restate, which calls it, may stand elsewhere."""
        return self.is_needed and self.answer is not None and bool(self.answer.problem)

    @property
    def is_away(self) -> bool:
        """Whether Restate does not get on with it either."""
        return self.is_missed and self.failing > 0

    @property
    def is_refusing(self) -> bool:
        """Whether it wants signed calls, and does not know the key that Restate signs with."""
        return self.is_needed and self.refused > 0 and self.answer is not None and self.answer.is_signed_only


@dataclass(frozen=True, slots=True)
class EndpointsHealth:
    """All of them.

    Attributes:
        problem: why nobody knows which there are; empty when that is known.
        left_out: how many were not asked.
        needed_left_out: how many of those runs need.
    """

    endpoints: Sequence[EndpointHealth] = ()
    left_out: int = 0
    needed_left_out: int = 0
    problem: str = ""


def endpoints_health() -> EndpointsHealth:
    """Ask twenty, those that runs need before the others, all at once, and once for all who look within ten seconds."""
    try:
        return shared(_endpoints_health, seconds=_SECONDS)
    except BridgeError as error:
        return EndpointsHealth(problem=str(error))


def _endpoints_health() -> EndpointsHealth:
    admin = admin_for_pages()
    try:
        deployments, pinned, retried = list_deployments(admin), count_pinned(admin), count_retried(admin)
        refused = count_refused(admin) if retried else {}
    except BridgeError as error:
        return EndpointsHealth(problem=str(error))
    every = _standings(deployments, pinned, retried, refused)
    # Those that are needed first, each kind newest first. Code that runs have waited on for weeks is old by then.
    every.sort(key=lambda one: not one.is_needed)
    asked, left_out = every[:_AT_MOST], every[_AT_MOST:]
    addresses = [one.deployment.uri for one in asked if _is_address(one.deployment)]
    answers = dict(zip(addresses, ask_endpoints(addresses, timeout=_PATIENCE), strict=True))
    found = [replace(one, answer=answers.get(one.deployment.uri)) for one in asked]
    return EndpointsHealth(found, len(left_out), sum(one.is_needed for one in left_out))


def _standings(
    deployments: Sequence[Deployment],
    pinned: Mapping[str, Pinned],
    retried: Mapping[tuple[str, str], int],
    refused: Mapping[tuple[str, str], int],
) -> list[EndpointHealth]:
    latest = latest_revisions(deployments)
    found = []
    for deployment in deployments:
        # What has made no step yet is pinned to none, and is begun by the newest.
        begins = {name for name, revision in deployment.services.items() if latest[name] == revision}
        known = {(deployment.id, name) for name in deployment.services} | {("", name) for name in begins}
        failing, turned_away = (
            sum(number for where, number in numbers.items() if where in known) for numbers in (retried, refused)
        )
        runs = pinned_runs(pinned.get(deployment.id, {}))
        found.append(EndpointHealth(deployment, bool(begins), runs, failing, turned_away))
    return found


def _is_address(deployment: Deployment) -> bool:
    return deployment.uri.startswith(("http://", "https://"))
