"""What happened around a pending request since it was asked, and what waits for it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from approvals.engine import admin_for_pages
from approvals.models import ApprovalRequest
from approvals.rules.lifecycle import Status
from approvals.rules.staleness import Facts, Stale, stale_because
from approvals.selectors.related import Related, is_same_session
from approvals.selectors.runs import RunView
from restate_bridge.errors import BridgeError
from restate_bridge.ids import MalformedId
from restate_bridge.surroundings import Surroundings, surroundings_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a request.

    Attributes:
        reasons: why it may be out of date.
        decided_before: the latest request on the very same arguments that was decided.
        later: the latest request of the same session that was asked after it, if the viewer may see it.
        calls: how many calls wait in the queue of its session's key.
        pending: the other requests of its session that wait for a decision, as far as the viewer may see them.
        engine_is_away: whether what only Restate can tell is missing.
    """

    reasons: tuple[Stale, ...] = ()
    decided_before: Related | None = None
    later: Related | None = None
    calls: int = 0
    pending: tuple[Related, ...] = ()
    engine_is_away: bool = False


def around_request(request: ApprovalRequest, related: Sequence[Related], run_view: RunView, now: datetime) -> Around:
    """Return what is around a request; nothing for one that is settled: then it is no matter any more.

    Args:
        related: see `related_to`.
        run_view: its run, which has been asked for already: an engine that was away then is not waited for again.
    """
    if not request.is_pending:
        return Around()
    engine = _ask_engine(run_view)
    seen = engine or Surroundings()
    decided, later = _decided_before(request, related), _later_in_session(request, related)
    facts = Facts(
        age=(now - request.announced_at).total_seconds(),
        stale_age=settings.STALE_SECONDS,
        schema=request.schema_digest,
        newest_schema=_newest_schema(request, related),
        deployment=seen.deployment,
        newest_deployment=seen.newest_deployment,
        went_on=bool(later) or seen.later > 0,
        decided_before=decided is not None,
    )
    return Around(
        reasons=tuple(stale_because(facts)),
        decided_before=decided,
        later=next((one for one in later if one.visible), None),
        calls=seen.behind,
        pending=tuple(one for one in related if one.visible and _waits_beside(one, request)),
        engine_is_away=engine is None and bool(run_view.away or run_view.run),
    )


def _ask_engine(run_view: RunView) -> Surroundings | None:
    """Return what the engine knows around a run, None when it knows nothing or is away."""
    if run_view.away or run_view.run is None:
        return None
    try:
        return surroundings_of(admin_for_pages(), run_view.run.id)
    except (BridgeError, MalformedId) as error:
        logger.warning("run %s: its page does without its surroundings: %s", run_view.run.id, error)
        return None


def _decided_before(request: ApprovalRequest, related: Sequence[Related]) -> Related | None:
    """Return the latest decision on the same; not one that the page's head leads to already."""
    supersedes: ApprovalRequest | None = getattr(request, "supersedes", None)
    told = {request.restarted_from_id, supersedes.pk if supersedes else None}
    same = [
        one
        for one in related
        if one.visible and one.is_decided and one.pk not in told and _is_the_same(one, request) and one.settled_at
    ]
    return max(same, key=lambda one: (one.settled_at, one.pk), default=None)


def _is_the_same(one: Related, request: ApprovalRequest) -> bool:
    if request.together and one.together == request.together:
        return False  # Another team was asked at the same time, and the word of this one counts as well.
    if request.question and one.invocation_id == request.invocation_id:
        return False  # Asked again about what did not fit.
    return (one.agent, one.tool, one.digest) == (request.agent, request.tool, request.digest)


def _later_in_session(request: ApprovalRequest, related: Sequence[Related]) -> list[Related]:
    """Return what other runs of the session asked later, the latest first."""
    return [
        one
        for one in related
        if one.pk > request.pk
        and one.invocation_id != request.invocation_id
        and one.status != Status.WITHDRAWN
        and is_same_session(one, request)
    ]


def _waits_beside(one: Related, request: ApprovalRequest) -> bool:
    return one.status == Status.PENDING and is_same_session(one, request)


def _newest_schema(request: ApprovalRequest, related: Sequence[Related]) -> str:
    """Return the digest of the schema that the tool's newest request came with, "" when there is none after this.

    A question has one of its own each time: what its fields begin with is a part of it.
    """
    if request.question:
        return ""
    same_tool = (request.announced_by_id, request.agent, request.tool)
    later = (
        one.schema_digest
        for one in related
        if one.pk > request.pk and one.schema_digest and (one.announced_by_id, one.agent, one.tool) == same_tool
    )
    return next(later, "")
