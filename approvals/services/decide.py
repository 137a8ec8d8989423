"""A person decides: approve, reject or answer."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from pydantic import JsonValue

from approvals.errors import AlreadySettled, ChangedMeanwhile, InvalidInput, NotAuthorised
from approvals.models import ApprovalRequest, Decision, Delivery
from approvals.rules.editing import InvalidEdit, apply_edits, changed_paths
from approvals.rules.lifecycle import Status
from approvals.rules.quorum import settled_outcome
from approvals.selectors.decisions import (
    Proposal,
    ballots_of,
    decisions_of,
    is_member,
    membership_of,
    obstacle_of,
    proposal_for,
)
from approvals.services.recording import Data, by_user, change_status, record
from restate_bridge.contract import Kind, Outcome, digest_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

#: Characters of a note or an answer.
LONGEST_NOTE: Final = 4_000
_AT_ONCE: Final = timedelta(0)


class _Member(TypedDict):
    is_member: bool


type _Locked = WithAnnotations[ApprovalRequest, _Member]


@transaction.atomic
def approve_request(
    *,
    request_id: int,
    reviewer: User,
    seen: str,
    edits: Mapping[str, JsonValue] | None = None,
    note: str = "",
    undo_window: timedelta = _AT_ONCE,
) -> Decision:
    """Approve what was shown, with ``edits`` (dotted path to value) where editing is allowed.

    Args:
        seen: the digest of the arguments on the reviewer's page.
        undo_window: how long the courier leaves it, so that it can be taken back.

    Raises:
        AlreadySettled: somebody was first.
        NotAuthorised: this person may not decide.
        ChangedMeanwhile: another reviewer has edited the arguments since the page was made.
        InvalidInput: an edit does not fit.
    """
    request = _lock_for(reviewer, request_id)
    proposal = _open_proposal(request, reviewer, Kind.APPROVAL, seen)
    final = _edited(request, proposal, edits) if edits else proposal
    decision = Decision(
        request=request,
        reviewer=reviewer,
        outcome=Outcome.APPROVED,
        arguments=final.arguments,
        digest=final.digest,
        note=note,
    )
    changed = changed_paths(request.arguments, final.arguments, request.editable)
    return _cast(decision, undo_window, changed=changed)


@transaction.atomic
def reject_request(
    *, request_id: int, reviewer: User, seen: str, note: str, undo_window: timedelta = _AT_ONCE
) -> Decision:
    """Reject a request, or refuse to answer; ``note`` is the reason that the agent is told.

    Raises:
        AlreadySettled, NotAuthorised, ChangedMeanwhile: see `approve_request`.
        InvalidInput: there is no reason.
    """
    if not note.strip():
        raise InvalidInput("note", "say why: the agent and the record need a reason")
    request = _lock_for(reviewer, request_id)
    _open_proposal(request, reviewer, None, seen)
    return _cast(Decision(request=request, reviewer=reviewer, outcome=Outcome.REJECTED, note=note), undo_window)


@transaction.atomic
def answer_request(
    *, request_id: int, reviewer: User, seen: str, answer: str, note: str = "", undo_window: timedelta = _AT_ONCE
) -> Decision:
    """Answer a question.

    Raises:
        AlreadySettled, NotAuthorised, ChangedMeanwhile: see `approve_request`.
        InvalidInput: the answer is empty or not among the choices.
    """
    request = _lock_for(reviewer, request_id)
    _open_proposal(request, reviewer, Kind.QUESTION, seen)
    if request.choices and answer not in request.choices:
        raise InvalidInput("answer", "choose one of the offered answers")
    if not answer.strip():
        raise InvalidInput("answer", "write an answer")
    decision = Decision(request=request, reviewer=reviewer, outcome=Outcome.ANSWERED, answer=answer, note=note)
    return _cast(decision, undo_window)


def _lock_for(reviewer: User, request_id: int) -> _Locked:
    """Return the locked request if it is still pending, with whether ``reviewer`` belongs to its groups.

    In one statement, because each way to the database is time in which an agent waits.
    """
    requests = ApprovalRequest.objects.select_for_update(of=("self",)).defer("context", "reason")
    request = requests.annotate(is_member=membership_of(reviewer)).get(pk=request_id)
    if not request.is_pending:
        raise AlreadySettled(request)
    return request


def _open_proposal(request: _Locked, reviewer: User, kind: Kind | None, seen: str) -> Proposal:
    """Guard a decision: right kind, right person, and made on what is proposed now."""
    if kind and request.kind != kind:
        raise InvalidInput("kind", f"this is not {'a question' if kind is Kind.QUESTION else 'an approval'}")
    decisions = decisions_of(request)
    # A statement that had to wait for the lock saw the groups as they were before: so a no is asked for once more.
    member = request.is_member or is_member(reviewer, request)
    if obstacle := obstacle_of(reviewer, request, decisions, is_member=member):
        raise NotAuthorised(obstacle)
    proposal = proposal_for(request, decisions)
    if proposal.digest != seen:
        raise ChangedMeanwhile("the arguments were edited since this page was made")
    return proposal


def _check_words(*texts: str) -> None:
    """Refuse what the agent could not be sent or PostgreSQL could not keep."""
    for text in texts:
        if len(text) > LONGEST_NOTE:
            raise InvalidInput("note", f"write {LONGEST_NOTE} characters or fewer")
        if "\x00" in text:
            raise InvalidInput("note", "the text holds a character that can't be kept")


def _edited(request: ApprovalRequest, proposal: Proposal, edits: Mapping[str, JsonValue]) -> Proposal:
    try:
        final = apply_edits(proposal.arguments, edits, editable=request.editable, schema=request.arguments_schema)
    except InvalidEdit as error:
        raise InvalidInput(error.path, str(error)) from error
    return Proposal(arguments=final, digest=digest_of(request.tool, final))


def _cast(decision: Decision, undo_window: timedelta, *, changed: list[str] | None = None) -> Decision:
    """Write a decision down; when it settles the request, settle it and queue the delivery."""
    request, reviewer = decision.request, decision.reviewer
    assert reviewer is not None
    _check_words(decision.note, decision.answer)
    decision.decided_at = timezone.now()
    decision.id = uuid.uuid4()
    outcome = settled_outcome(ballots_of([*decisions_of(request), decision]), request.quorum)
    decision.settles = outcome is not None
    decision.save(force_insert=True)
    facts = {"decision": str(decision.id), "note": decision.note, "answer": decision.answer, "changed": changed or []}
    if outcome is None:
        record(request, actor=by_user(reviewer), code="decision.recorded", data=facts)
    else:
        settle(decision, actor=by_user(reviewer), facts=facts, undo_window=undo_window)
    return decision


def settle(decision: Decision, *, actor: str, facts: Data, undo_window: timedelta = _AT_ONCE) -> None:
    """Settle a locked request by ``decision`` and queue its delivery, in the caller's transaction."""
    at = decision.decided_at
    change_status(decision.request, Status(decision.outcome), actor=actor, at=at, data=facts)
    Delivery.objects.create(request=decision.request, decision=decision, queued_at=at, due_at=at + undo_window)
