"""Which code there is, who depends on it, and what an address would bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from approvals.engine import admin_for_pages, registrar
from operations.rules.draining import Standing, confirmation_for, pinned_runs, standings
from operations.rules.registering import NotBegun, Plan, ServiceChange, not_begun, plan_of
from operations.selectors.engine import shared
from operations.selectors.moved import count_stuck_since_moved
from restate_bridge.admin import Admin
from restate_bridge.deployments import latest_revisions, list_deployments
from restate_bridge.errors import BridgeError
from restate_bridge.listed_run import RunState
from restate_bridge.registration import newest_services, services_of
from restate_bridge.run_counts import count_pinned, count_unpinned


@dataclass(frozen=True)
class DeploymentsPage:
    """All deployments, newest first.

    Attributes:
        gone: the ids of deployments that runs are pinned to and the engine no longer has, with how many there are.
        away: why nothing could be read, empty when the engine answered.
    """

    rows: Sequence[Standing] = ()
    gone: Sequence[tuple[str, int]] = ()
    away: str = ""

    @cached_property
    def old(self) -> list[Standing]:
        """Those with a service that has newer code elsewhere."""
        return [row for row in self.rows if row.is_old]

    @cached_property
    def drained(self) -> list[Standing]:
        """Those that nothing depends on."""
        return [row for row in self.rows if row.is_drained]

    @cached_property
    def pinned_to_old(self) -> int:
        """How many runs go on with code that is not the newest of their service."""
        return sum(row.outdated_runs for row in self.old)

    @cached_property
    def waiting_on_old(self) -> int:
        """How many of them wait for people."""
        return sum(row.outdated.get(RunState.WAITING, 0) for row in self.old)

    def find(self, deployment_id: str) -> Standing | None:
        """Return one of them; None when there is none with that id."""
        return next((row for row in self.rows if row.deployment.id == deployment_id), None)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What registering an address would do, and to whom.

    Attributes:
        overwritten: the deployment whose code would be another, with the runs that go on with it.
        unpinned: how many runs have not begun, by their services, handlers and states.
    """

    uri: str
    plan: Plan
    overwritten: Standing | None = None
    unpinned: Mapping[str, Mapping[str, Mapping[RunState, int]]] = field(default_factory=dict)

    @property
    def changes(self) -> list[tuple[ServiceChange, NotBegun]]:
        """What would change, service by service, and what becomes of its runs that have not begun."""
        return [(change, not_begun(change, self.unpinned.get(change.name, {}))) for change in self.plan.services]

    @property
    def confirmation(self) -> str:
        """What has to be typed first; empty when nothing that goes on or is to come breaks."""
        return confirmation_for(self.uri) if self.plan.is_confirmed_by_typing else ""


def deployments_page() -> DeploymentsPage:
    """Return all deployments, with what was read for somebody else a moment ago; the engine away is an answer."""
    try:
        return shared(_shared_page)
    except BridgeError as error:
        return DeploymentsPage(away=str(error))


def read_deployments(admin: Admin) -> DeploymentsPage:
    """Return all deployments as they are this moment.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    deployments, pinned = list_deployments(admin), count_pinned(admin)
    known = {deployment.id for deployment in deployments}
    gone = [(deployment, pinned_runs(held)) for deployment, held in pinned.items() if deployment not in known]
    rows = standings(deployments, latest_revisions(deployments), pinned)
    if any(row.is_drained for row in rows):
        stuck = count_stuck_since_moved(admin)
        rows = [replace(row, stuck=stuck.get(row.deployment.id, 0)) for row in rows]
    return DeploymentsPage(rows, sorted(gone))


def prospect_of(uri: str, *, force: bool) -> Prospect:
    """Try an address: return what registering it would do now. Nothing is changed, and the endpoint is asked.

    Raises:
        EngineRefused: the engine would not register it, or could not reach it, in its own words.
        EngineAway: no answer.
    """
    admin = admin_for_pages()
    tried = registrar().register(uri, force=force, dry_run=True)
    page = read_deployments(admin)
    there = [] if tried.is_new else services_of(admin, tried.deployment)
    plan = plan_of(tried, newest_services(admin), there, [set(row.newest) for row in page.rows])
    return Prospect(uri, plan, page.find(plan.overwrites), count_unpinned(admin, plan.replaced))


def deployment_now(deployment_id: str) -> Standing | None:
    """Return a deployment as it is this moment; None when the engine does not know it.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return read_deployments(admin_for_pages()).find(deployment_id)


def _shared_page() -> DeploymentsPage:
    return read_deployments(admin_for_pages())
