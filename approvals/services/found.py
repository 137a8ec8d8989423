"""Waits that nobody announced: found through the engine, asked for by a rule, settled by operators and reviewers."""

import uuid
from collections.abc import Sequence

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone
from pydantic import JsonValue

from approvals.errors import AlreadySettled, AnnouncedMeanwhile, ChangedMeanwhile, InvalidInput, NotAuthorised
from approvals.models import AgentService, ApprovalRequest, Decision
from approvals.rules.eligibility import Obstacle
from approvals.rules.found_wait import FoundWait
from approvals.rules.origin import Origin
from approvals.services.decide import LONGEST_NOTE, settle
from approvals.services.guards import check_words
from approvals.services.queues import put_into_queues
from approvals.services.recording import COURIER, by_user, record
from restate_bridge.contract import Kind, Outcome, Risk


@transaction.atomic
def ask_about_wait(*, wait: FoundWait, groups: Sequence[Group]) -> ApprovalRequest | None:
    """Put a wait that nobody announced into the inbox of ``groups``; None when there is a request for it by now."""
    request, is_new = _request_for(wait, actor=COURIER)
    if not is_new:
        return None
    put_into_queues((request, group) for group in groups)
    return request


@transaction.atomic
def resolve_wait(*, operator: User, wait: FoundWait, value: JsonValue, reason: str) -> Decision:
    """Resolve a wait with a JSON value, and queue that to be sent. ``reason`` is for the record.

    Whoever calls it has made sure that this person may.

    Raises:
        AlreadySettled: somebody was first.
        AnnouncedMeanwhile: an agent has announced it by now, so that only a signed decision reaches it.
        NotAuthorised: an operator holds it.
        ChangedMeanwhile: reviewers are asked about something else than ``wait`` tells.
        InvalidInput: the reason is missing or too long.
    """
    request = _open_request(operator, wait, reason)
    decision = Decision(outcome=Outcome.APPROVED, value=value, arguments=request.arguments, digest=request.digest)
    return _settle(request, decision, operator, reason, {"value": value})


@transaction.atomic
def reject_wait(*, operator: User, wait: FoundWait, text: str, reason: str) -> Decision:
    """Reject a wait with a text, which its run is told as the error, and queue that to be sent.

    Raises:
        AlreadySettled, AnnouncedMeanwhile, NotAuthorised, ChangedMeanwhile: see `resolve_wait`.
        InvalidInput: the text or the reason is missing or too long.
    """
    if not text.strip():
        raise InvalidInput("text", "write what the run is told as its error")
    check_words("text", text, LONGEST_NOTE)
    request = _open_request(operator, wait, reason)
    return _settle(request, Decision(outcome=Outcome.REJECTED, note=text), operator, reason, {"note": text})


def note_late_announcement(request: ApprovalRequest, agent_service: AgentService, content_digest: str) -> None:
    """An agent announces what was settled as found: let it hear so, and go on as with any answer that is not signed."""
    request.announced_by, request.content_digest = agent_service, content_digest
    request.save(update_fields=["announced_by", "content_digest"])
    record(request, actor=f"agent:{agent_service.name}", code="request.announced_late")


def _request_for(wait: FoundWait, *, actor: str) -> tuple[ApprovalRequest, bool]:
    """Return the request for a wait, locked, and whether it was made here."""
    digest = wait.digest
    request, is_new = ApprovalRequest.objects.select_for_update().get_or_create(
        awakeable_id=wait.awakeable_id,
        defaults={
            "announcement_id": wait.awakeable_id,
            "origin": Origin.FOUND,
            "content_digest": digest,
            "digest": digest,
            "kind": Kind.APPROVAL,
            "risk": Risk.MEDIUM,
            "title": wait.title,
            "agent": wait.service,
            "tool": wait.tool,
            "arguments": wait.arguments,
            "context": list(wait.context),
            "invocation_id": wait.invocation_id,
            "service": wait.service,
            "handler": wait.handler,
            "key": wait.key,
            "check_at": timezone.now(),
        },
    )
    if is_new:
        record(request, actor=actor, code="request.discovered", data={"digest": digest})
    return request, is_new


def _open_request(operator: User, wait: FoundWait, reason: str) -> ApprovalRequest:
    if not reason.strip():
        raise InvalidInput("reason", "say why: the record needs a reason")
    check_words("reason", reason, LONGEST_NOTE)
    request, _ = _request_for(wait, actor=by_user(operator))
    if not request.is_found:
        raise AnnouncedMeanwhile(request)
    if not request.is_pending:
        raise AlreadySettled(request)
    if request.held_at is not None:
        raise NotAuthorised(Obstacle.HELD)
    if request.digest != wait.digest:
        raise ChangedMeanwhile
    return request


def _settle(
    request: ApprovalRequest, decision: Decision, operator: User, reason: str, facts: dict[str, JsonValue]
) -> Decision:
    decision.id, decision.request, decision.reviewer = uuid.uuid4(), request, operator
    decision.decided_at, decision.settles = timezone.now(), True
    decision.save(force_insert=True)
    settle(decision, actor=by_user(operator), facts={"decision": str(decision.id), "reason": reason, **facts})
    return decision
