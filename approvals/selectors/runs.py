"""What the engine says about a request's run, for a page that must not wait for it."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field

from approvals.engine import admin_for_pages, endings
from approvals.models import ApprovalRequest
from approvals.rules.lifecycle import Status
from restate_bridge.endings import Ended
from restate_bridge.errors import BridgeError
from restate_bridge.failures import Failing, failing_of
from restate_bridge.ids import MalformedId, is_invocation_id
from restate_bridge.introspection import JournalEntry, Run, find_run, find_runs, read_journal

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as a page shows it.

    Attributes:
        run: None when the engine does not know it, or is away.
        failing: how it keeps failing, None when it does not.
        away: why nothing could be read, empty when the engine answered.
    """

    run: Run | None = None
    journal: list[JournalEntry] = field(default_factory=list)
    failing: Failing | None = None
    away: str = ""


def view_run(invocation_id: str) -> RunView:
    """Return a run and its journal; what goes wrong is part of the answer."""
    try:
        run = find_run(admin_for_pages(), invocation_id)
        if run is None:
            return RunView()
        journal = read_journal(admin_for_pages(), invocation_id)
        return RunView(run, journal, failing_of(admin_for_pages(), run, journal))
    except (BridgeError, MalformedId) as error:
        return RunView(away=str(error))


def ended_run_behind(request_id: int) -> Ended | None:
    """Return how the run of a pending request has ended; None while it goes on, and when the engine is away.

    The agent waits while this is asked: one small question here, one there.
    """
    pending = ApprovalRequest.objects.filter(pk=request_id, status=Status.PENDING)
    invocation_id = pending.values_list("invocation_id", flat=True).first()
    if invocation_id is None:
        return None
    try:
        return endings().ended(invocation_id)
    except (BridgeError, MalformedId) as error:
        logger.warning("request %s: it is decided without asking Restate: %s", request_id, error)
        return None


def ended_runs_behind(requests: Collection[ApprovalRequest]) -> dict[int, Ended]:
    """Return how the runs of pending requests have ended, by the requests' ids; empty when the engine is away.

    In one question for all of them, so that an engine which hangs holds a person up once, not once for each.
    """
    waiting = [request for request in requests if request.is_pending and is_invocation_id(request.invocation_id)]
    if not waiting:
        return {}
    try:
        runs = find_runs(admin_for_pages(), {request.invocation_id for request in waiting})
    except BridgeError as error:
        logger.warning("%s requests are decided without asking Restate: %s", len(waiting), error)
        return {}
    found = {request.pk: runs.get(request.invocation_id) for request in waiting}
    return {pk: Ended(run.ending if run else None) for pk, run in found.items() if run is None or run.has_ended}
