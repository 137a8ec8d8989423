"""A person decides many requests at a time: one transaction for all that need nothing but a yes or a no.

What needs more is left out here, and left to the verb for one, which says why: several who must agree, somebody else's
change that the page did not show, a request that somebody is busy with. So each rule stands once.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from approvals.errors import InvalidInput
from approvals.models import ApprovalRequest, AuditEvent, Decision, Delivery
from approvals.rules.lifecycle import Status, check_status
from approvals.rules.news import MATTERS
from approvals.rules.seen import is_the_same
from approvals.rules.wording import worded
from approvals.selectors.decisions import membership_of, obstacle_of
from approvals.services.decide import LONGEST_NOTE, facts_of
from approvals.services.guards import check_words
from approvals.services.recording import by_user
from restate_bridge.contract import Kind, Outcome, Risk, traceparent

if TYPE_CHECKING:
    from approvals.services.guards import Locked


type Verdict = Literal[Outcome.APPROVED, Outcome.REJECTED]


class Shown(NamedTuple):
    """What a page showed of a request.

    Attributes:
        seen: the digest of the arguments, in full or in short.
        version: the newest line of the record; None when there was none to see.
    """

    seen: str
    version: int | None


@transaction.atomic
def decide_plain(
    *, reviewer: User, shown: Mapping[int, Shown], outcome: Verdict, note: str, undo_window: timedelta
) -> set[int]:
    """Approve or reject what is plain, as it was shown; return the ids of the requests that were decided.

    Args:
        outcome: approved or rejected.
        note: a rejection needs one.
        undo_window: how long the courier leaves it, so that it can be taken back.

    Raises:
        InvalidInput: the note is missing or too long, or holds what can't be kept.
    """
    if outcome is Outcome.REJECTED and not note.strip():
        raise InvalidInput("note", worded("say why: the agent and the record need a reason"))
    check_words("note", note, LONGEST_NOTE)
    plain = [request for request in _locked(reviewer, shown) if _is_plain(request, reviewer, shown[request.pk].seen)]
    changed = _changed(plain, reviewer, shown)
    requests = [request for request in plain if request.pk not in changed]
    if requests:
        _settle_all([_decision(request, reviewer, outcome, note) for request in requests], undo_window)
    return {request.pk for request in requests}


def _locked(reviewer: User, ids: Collection[int]) -> "list[Locked]":
    requests = ApprovalRequest.objects.select_for_update(of=("self",), skip_locked=True).defer("context", "reason")
    return list(requests.annotate(is_member=membership_of(reviewer)).filter(pk__in=ids, status=Status.PENDING))


def _is_plain(request: "Locked", reviewer: User, seen: str) -> bool:
    """Tell whether one person's word settles it, this person may say it, and saw what it is about."""
    needs_more = request.kind != Kind.APPROVAL or request.risk == Risk.HIGH or request.is_found or request.quorum > 1
    return (
        not needs_more
        and obstacle_of(reviewer, request, [], is_member=request.is_member) is None
        and is_the_same(seen, request.digest)
    )


def _changed(requests: "list[Locked]", reviewer: User, shown: Mapping[int, Shown]) -> set[int]:
    """Return the ids of those to which others did something that the page did not show."""
    known = {request.pk: version for request in requests if (version := shown[request.pk].version) is not None}
    if not known:
        return set()
    since = AuditEvent.objects.filter(request__in=known, pk__gt=min(known.values()), code__in=MATTERS)
    newest = since.exclude(actor=by_user(reviewer)).order_by().values_list("request_id").annotate(Max("pk"))
    return {request_id for request_id, line in newest if line > known[request_id]}


def _decision(request: ApprovalRequest, reviewer: User, outcome: Outcome, note: str) -> Decision:
    approved = outcome is Outcome.APPROVED
    return Decision(
        id=uuid.uuid4(),
        request=request,
        reviewer=reviewer,
        outcome=outcome,
        arguments=request.arguments if approved else None,
        digest=request.digest if approved else "",
        note=note,
        settles=True,
    )


def _settle_all(decisions: list[Decision], undo_window: timedelta) -> None:
    """Settle locked requests by decisions that are all of one person and one kind."""
    at, new = timezone.now(), Status(decisions[0].outcome)
    check_status(Status.PENDING, new)
    for decision in decisions:
        decision.decided_at = at
    Decision.objects.bulk_create(decisions)
    settled = ApprovalRequest.objects.filter(pk__in=[decision.request_id for decision in decisions])
    settled.update(status=new, settled_at=at, claimed_by=None, claimed_at=None)
    AuditEvent.objects.bulk_create(_line(decision) for decision in decisions)
    Delivery.objects.bulk_create(_delivery(decision, undo_window) for decision in decisions)


def _line(decision: Decision) -> AuditEvent:
    assert decision.reviewer is not None
    new = Status(decision.outcome)
    return AuditEvent(
        request=decision.request,
        actor=by_user(decision.reviewer),
        code=f"request.{new}",
        at=decision.decided_at,
        status_from=Status.PENDING,
        status_to=new,
        data=facts_of(decision),
    )


def _delivery(decision: Decision, undo_window: timedelta) -> Delivery:
    return Delivery(
        request=decision.request,
        decision=decision,
        queued_at=decision.decided_at,
        due_at=decision.decided_at + undo_window,
        traceparent=traceparent(),
    )
