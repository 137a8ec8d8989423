"""The list of runs: what the engine says of them, beside what the inbox knows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q

from approvals.engine import admin_for_pages
from approvals.models import ApprovalRequest
from approvals.rules.lifecycle import DeliveryState, Status
from approvals.rules.origin import Origin
from approvals.selectors.access import requests_visible_to
from operations.rules.run_query import STATES, Age, RunQuery
from operations.rules.versions import Version, version_of
from operations.selectors.engine import shared
from restate_bridge.attempts import last_failures
from restate_bridge.deployments import Deployment, latest_revisions, list_deployments
from restate_bridge.errors import BridgeError
from restate_bridge.listed_run import ListedRun, Place, RunState
from restate_bridge.run_counts import count_runs, queued_behind
from restate_bridge.run_filters import RunFilter
from restate_bridge.runs import list_runs
from restate_bridge.waits import Wait, waits_of

PAGE_SIZE: Final = 50
_UNDER_WAY: Final = (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.KEPT, DeliveryState.RECEIVED)
# What nobody announced has come to its end when the run has it: nobody reports what was done then.
_AT_ITS_END: Final = Q(origin=Origin.FOUND, delivery__state=DeliveryState.RECEIVED)
_LIVE: Final = Q(status=Status.PENDING) | Q(delivery__state__in=_UNDER_WAY) & ~_AT_ITS_END
_LARGE: Final = ("context", "arguments", "arguments_schema", "reason", "delivery__result")
_AGES: Final = {Age.HOUR: timedelta(hours=1), Age.DAY: timedelta(days=1), Age.WEEK: timedelta(weeks=1)}

# Of a run that is tried again for long, or was paused for having failed too often, only its events tell with what.
_UNTOLD: Final = frozenset({RunState.RETRYING, RunState.PAUSED})


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of the list.

    Attributes:
        requests: those of it that wait, or whose decision is under way, as far as the viewer may see them.
        is_announced: whether there is one, for whomever.
        waits: what it waits on, where there is none.
        queued: how many calls wait in the queue of its key.
        version: None before it has started.
        failure: what it failed with last, or ended with.
    """

    run: ListedRun
    requests: Sequence[ApprovalRequest] = ()
    is_announced: bool = False
    waits: Sequence[Wait] = ()
    queued: int = 0
    version: Version | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class RunsPage:
    """One page of the list, with what stands around it.

    Attributes:
        counts: how many runs are in each state, whatever tab is shown.
        after: behind which run the next page begins, None on the last one.
        services: the names that runs can be narrowed to.
        away: why nothing could be read, empty when the engine answered.
    """

    query: RunQuery
    rows: Sequence[RunRow] = ()
    counts: Mapping[RunState, int] = field(default_factory=dict)
    begins: Place | None = None
    after: Place | None = None
    deployments: Sequence[Deployment] = ()
    away: str = ""

    @property
    def services(self) -> list[str]:
        """The services that any deployment has brought."""
        return sorted({service for deployment in self.deployments for service in deployment.services})


def runs_page(user: User, query: RunQuery, *, now: datetime, after: Place | None = None) -> RunsPage:
    """Return one page of runs, newest first; the engine being away is part of the answer."""
    try:
        return _read(user, query, now, after)
    except BridgeError as error:
        return RunsPage(query, away=str(error))


def _read(user: User, query: RunQuery, now: datetime, after: Place | None) -> RunsPage:
    wanted = filter_of(query, now)
    deployments = known_deployments()
    found = shared(_listed, wanted, after)
    shown = found[:PAGE_SIZE]
    return RunsPage(
        query,
        rows=rows_of(user, shown, deployments),
        counts=shared(_counted, wanted),
        begins=after,
        after=shown[-1].place if len(found) > PAGE_SIZE else None,
        deployments=deployments,
    )


def filter_of(query: RunQuery, now: datetime) -> RunFilter:
    """Return what the engine is asked for."""
    # To the minute, so that all who look at the same moment ask the same.
    minute = now.replace(second=0, microsecond=0)
    return RunFilter(
        states=STATES[query.tab],
        service=query.service,
        key=query.session,
        deployment=query.version,
        words=query.q,
        created_before=minute - _AGES[Age(query.age)] if query.age else None,
    )


def known_deployments() -> list[Deployment]:
    """Return the deployments that the engine has, newest first.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return shared(_deployments)


def _deployments() -> list[Deployment]:
    return list_deployments(admin_for_pages())


def _listed(wanted: RunFilter, after: Place | None) -> list[ListedRun]:
    return list_runs(admin_for_pages(), wanted, after=after, at_most=PAGE_SIZE + 1)


def _counted(wanted: RunFilter) -> dict[RunState, int]:
    return count_runs(admin_for_pages(), wanted)


def _queued(*invocation_ids: str) -> dict[str, int]:
    return queued_behind(admin_for_pages(), invocation_ids)


def _failures(*invocation_ids: str) -> dict[str, str]:
    return last_failures(admin_for_pages(), invocation_ids)


def rows_of(user: User, runs: Sequence[ListedRun], deployments: Sequence[Deployment]) -> list[RunRow]:
    """Return runs with what stands beside them.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    requests, announced = _requests(user, [run.id for run in runs]), _announced([run.id for run in runs])
    queued = shared(_queued, *(run.id for run in runs if run.key))
    failures = shared(_failures, *(run.id for run in runs if run.state in _UNTOLD and not run.failure))
    revisions = {deployment.id: deployment.services for deployment in deployments}
    latest = latest_revisions(deployments)
    return [
        RunRow(
            run,
            requests=requests.get(run.id, ()),
            is_announced=run.id in announced,
            waits=() if run.id in announced else waits_of([run]),
            queued=queued.get(run.id, 0),
            version=_version(run, revisions, latest),
            failure=run.failure or failures.get(run.id, ""),
        )
        for run in runs
    ]


def _version(run: ListedRun, revisions: Mapping[str, Mapping[str, int]], latest: Mapping[str, int]) -> Version | None:
    if not run.deployment:
        return None
    return version_of(revisions.get(run.deployment, {}).get(run.service), latest.get(run.service))


def _requests(user: User, invocation_ids: Collection[str]) -> dict[str, list[ApprovalRequest]]:
    """Return what is undecided or undelivered of runs, as far as ``user`` may see it, by the runs' ids."""
    visible = requests_visible_to(user).filter(_LIVE, invocation_id__in=invocation_ids).order_by("announced_at")
    found: dict[str, list[ApprovalRequest]] = {}
    for request in visible.select_related("delivery").defer(*_LARGE).prefetch_related("groups"):
        found.setdefault(request.invocation_id, []).append(request)
    return found


def _announced(invocation_ids: Collection[str]) -> set[str]:
    live = ApprovalRequest.objects.filter(_LIVE, invocation_id__in=invocation_ids)
    return set(live.values_list("invocation_id", flat=True))
