"""A person decides: approve, reject or answer."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from pydantic import JsonValue

from approvals.errors import ChangedMeanwhile, InvalidInput
from approvals.models import ApprovalRequest, Decision, Delivery
from approvals.rules.answers import in_lines
from approvals.rules.editing import InvalidEdit, apply_edits, changed_paths
from approvals.rules.lifecycle import Status
from approvals.rules.quorum import settled_outcome
from approvals.rules.seen import is_the_same
from approvals.rules.wording import worded
from approvals.selectors.decisions import Proposal, ballots_of, decisions_of, proposal_for
from approvals.services.claim import let_go
from approvals.services.guards import Locked, check_unchanged, check_words, decisions_before, lock_for
from approvals.services.recording import Data, by_user, change_status, record
from restate_bridge.contract import ANSWER, Kind, Outcome, Risk, digest_of, traceparent

#: Characters of a note or an answer.
LONGEST_NOTE: Final = 4_000
_OTHER_KIND: Final = {
    Kind.APPROVAL: worded("this is not an approval"),
    Kind.QUESTION: worded("this is not a question"),
}
_AT_ONCE: Final = timedelta(0)


@transaction.atomic
def approve_request(
    *,
    request_id: int,
    reviewer: User,
    seen: str,
    version: int | None = None,
    edits: Mapping[str, JsonValue] | None = None,
    note: str = "",
    confirmation: str = "",
    undo_window: timedelta = _AT_ONCE,
) -> Decision:
    """Approve what was shown, with ``edits`` (dotted path to value) where editing is allowed.

    Args:
        seen: the digest of the arguments on the reviewer's page, in full or in short.
        version: the newest line of the record on that page; None when there was none to see.
        confirmation: the tool's name as the reviewer typed it, when the risk is high.
        undo_window: how long the courier leaves it, so that it can be taken back.

    Raises:
        AlreadySettled: somebody was first.
        NotAuthorised: this person may not decide.
        ChangedMeanwhile: another reviewer has edited the arguments since the page was made.
        ChangedSince: others did something else that the page did not show.
        InvalidInput: an edit does not fit, or what was to be confirmed was not.
    """
    request = lock_for(reviewer, request_id)
    if request.is_found:
        raise InvalidInput("kind", worded("nobody announced this: it is resolved with a value"))
    proposal = _open_proposal(request, reviewer, Kind.APPROVAL, seen, version)
    _check_confirmed(request, confirmation)
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
def resolve_request(
    *,
    request_id: int,
    reviewer: User,
    seen: str,
    value: JsonValue,
    version: int | None = None,
    note: str = "",
    undo_window: timedelta = _AT_ONCE,
) -> Decision:
    """Resolve a wait that nobody had announced with a JSON value, which is sent as it is.

    Raises:
        AlreadySettled, NotAuthorised, ChangedMeanwhile, ChangedSince: see `approve_request`.
        InvalidInput: an agent announced the request, so that only an approval of its arguments reaches it.
    """
    request = lock_for(reviewer, request_id)
    if not request.is_found:
        raise InvalidInput("kind", worded("the agent has announced this: it is approved, not resolved with a value"))
    proposal = _open_proposal(request, reviewer, Kind.APPROVAL, seen, version)
    decision = Decision(
        request=request,
        reviewer=reviewer,
        outcome=Outcome.APPROVED,
        arguments=proposal.arguments,
        digest=proposal.digest,
        value=value,
        note=note,
    )
    return _cast(decision, undo_window)


@transaction.atomic
def reject_request(
    *,
    request_id: int,
    reviewer: User,
    seen: str,
    version: int | None = None,
    reason: str = "",
    note: str = "",
    undo_window: timedelta = _AT_ONCE,
) -> Decision:
    """Reject a request, or refuse to answer.

    Args:
        reason: one of those that the tool's author laid down; it stands before the note.
        note: in the reviewer's own words. The agent is told both, and one of them is needed.

    Raises:
        AlreadySettled, NotAuthorised, ChangedMeanwhile, ChangedSince: see `approve_request`.
        InvalidInput: there is neither reason nor note, or the reason is none of the request's.
    """
    if not (reason or note.strip()):
        raise InvalidInput("note", "say why: the agent and the record need a reason")
    request = lock_for(reviewer, request_id)
    _open_proposal(request, reviewer, None, seen, version)
    if reason and reason not in request.reject_reasons:
        raise InvalidInput("reason", "choose one of the offered reasons")
    note = _joined(reason, note)
    return _cast(Decision(request=request, reviewer=reviewer, outcome=Outcome.REJECTED, note=note), undo_window)


@transaction.atomic
def answer_request(
    *,
    request_id: int,
    reviewer: User,
    seen: str,
    answer: str = "",
    filled: JsonValue = None,
    version: int | None = None,
    note: str = "",
    undo_window: timedelta = _AT_ONCE,
) -> Decision:
    """Answer a question.

    Args:
        answer: in words, one of the choices where there are any.
        filled: what was filled in, where the question has a form.

    Raises:
        AlreadySettled, NotAuthorised, ChangedMeanwhile, ChangedSince: see `approve_request`.
        InvalidInput: the answer is empty, not among the choices, or does not fit the form.
    """
    request = lock_for(reviewer, request_id)
    proposal = _open_proposal(request, reviewer, Kind.QUESTION, seen, version)
    decision = Decision(request=request, reviewer=reviewer, outcome=Outcome.ANSWERED, note=note)
    if request.has_form:
        final = _edited(request, proposal, {ANSWER: filled})
        decision.arguments, decision.digest = final.arguments, final.digest
        decision.answer = in_lines(filled, LONGEST_NOTE)
    else:
        decision.answer = _said(request, answer)
    return _cast(decision, undo_window)


def _said(request: ApprovalRequest, answer: str) -> str:
    if request.choices and answer not in request.choices:
        raise InvalidInput("answer", "choose one of the offered answers")
    if not answer.strip():
        raise InvalidInput("answer", "write an answer")
    return answer


def _open_proposal(request: Locked, reviewer: User, kind: Kind | None, seen: str, version: int | None) -> Proposal:
    """Guard a decision: right kind, right person, and made on what is proposed now with all that others did."""
    if kind and request.kind != kind:
        raise InvalidInput("kind", _OTHER_KIND[kind])
    proposal = proposal_for(request, decisions_before(request, reviewer))
    if not is_the_same(seen, proposal.digest):
        raise ChangedMeanwhile("the arguments were edited since this page was made")
    check_unchanged(request, reviewer, version)
    return proposal


def _check_confirmed(request: ApprovalRequest, confirmation: str) -> None:
    if request.risk == Risk.HIGH and confirmation.strip() != request.tool.strip():
        raise InvalidInput("confirmation", "type {} to confirm: the risk is high", request.tool)


def _joined(reason: str, note: str) -> str:
    """Return a chosen reason and a reviewer's own words as one note; neither stands there twice."""
    if not reason or note == reason or note.startswith(f"{reason}\n"):
        return note
    return f"{reason}\n{note}" if note.strip() else reason


def _edited(request: ApprovalRequest, proposal: Proposal, edits: Mapping[str, JsonValue]) -> Proposal:
    try:
        final = apply_edits(proposal.arguments, edits, editable=request.editable, schema=request.arguments_schema)
    except InvalidEdit as error:
        raise InvalidInput(error.path, error.wording, *error.values) from error
    return Proposal(arguments=final, digest=digest_of(request.tool, final))


def _cast(decision: Decision, undo_window: timedelta, *, changed: Sequence[str] = ()) -> Decision:
    """Write a decision down; when it settles the request, settle it and queue the delivery."""
    request, reviewer = decision.request, decision.reviewer
    assert reviewer is not None
    check_words("note", decision.note, LONGEST_NOTE)
    check_words("answer", decision.answer, LONGEST_NOTE)
    decision.decided_at = timezone.now()
    decision.id = uuid.uuid4()
    outcome = settled_outcome(ballots_of([*decisions_of(request), decision]), request.quorum)
    decision.settles = outcome is not None
    decision.save(force_insert=True)
    facts = facts_of(decision, changed)
    if outcome is None:
        let_go(request, reviewer)
        record(request, actor=by_user(reviewer), code="decision.recorded", data=facts)
    else:
        settle(decision, actor=by_user(reviewer), facts=facts, undo_window=undo_window)
    return decision


def facts_of(decision: Decision, changed: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the record says of a decision besides its outcome.

    Args:
        changed: the dotted paths of the arguments that the reviewer edited.
    """
    said = {"note": decision.note, "answer": decision.answer, "changed": [*changed]}
    facts: dict[str, Any] = {"decision": str(decision.id), **said}
    if decision.request.is_found and decision.outcome == Outcome.APPROVED:
        facts["value"] = decision.value
    return facts


def settle(decision: Decision, *, actor: str, facts: Data, undo_window: timedelta = _AT_ONCE) -> None:
    """Settle a locked request by ``decision`` and queue its delivery, in the caller's transaction."""
    at = decision.decided_at
    change_status(decision.request, Status(decision.outcome), actor=actor, at=at, data=facts)
    Delivery.objects.create(
        request=decision.request, decision=decision, queued_at=at, due_at=at + undo_window, traceparent=traceparent()
    )
