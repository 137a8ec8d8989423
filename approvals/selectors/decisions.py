"""What has been decided on a request so far, and what is proposed now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef

from approvals.models import ApprovalRequest, Decision, Delivery, RequestGroup
from approvals.rules.editing import Arguments
from approvals.rules.eligibility import Obstacle, Standing, obstacle_for
from approvals.rules.lifecycle import DeliveryState
from approvals.rules.quorum import Ballot, standing_approvals
from restate_bridge.contract import Outcome


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a reviewer decides on now: the announced arguments, or those that the last reviewer edited.

    Attributes:
        arguments: the arguments that an approval would run with.
        digest: theirs; the page carries it, so that nobody approves what they did not see.
    """

    arguments: Arguments
    digest: str


def decisions_of(request: ApprovalRequest) -> list[Decision]:
    """Return the decisions so far, oldest first, with their reviewers; without those that were taken back."""
    if request.is_pending and request.quorum == 1:
        # The first decision would have settled it. The agent waits while this is asked, so it is not asked.
        return []
    return list(request.decisions.filter(taken_back_at=None).select_related("reviewer"))


def settling_decision_of(request: ApprovalRequest) -> Decision | None:
    """Return the decision that settled the request, with its reviewer; None when none did."""
    return request.decisions.filter(settles=True).select_related("reviewer").first()


def is_settled_by(user: User, request: ApprovalRequest, outcome: Outcome) -> bool:
    """Tell whether it was this person who settled the request, and in this way."""
    return request.decisions.filter(settles=True, reviewer=user, outcome=outcome).exists()


def counted_decision_of(user: User, request: ApprovalRequest, decisions: Sequence[Decision]) -> Decision | None:
    """Return the decision of ``user`` that counts: the one that settled the request, or an approval for the quorum."""
    own = [decision for decision in reversed(decisions) if decision.reviewer_id == user.pk]
    if not request.is_pending:
        return next((decision for decision in own if decision.settles), None)
    # Not one from before the arguments were changed: only the latest count can shrink, none can come back to life.
    counted = {(ballot.reviewer, ballot.digest) for ballot in standing_approvals(ballots_of(decisions))}
    return next((decision for decision in own if (user.username, decision.digest) in counted), None)


def has_set_out(decision: Decision, delivery: Delivery) -> bool:
    """Tell whether a settling decision may have left the inbox, or came along with a restarted run."""
    untouched = delivery.state == DeliveryState.QUEUED and delivery.claimed_at is None
    return decision.kept_from_id is not None or not untouched


def can_take_back(user: User, request: ApprovalRequest, decisions: Sequence[Decision]) -> bool:
    """Tell whether ``user`` has decided something here that can still be taken back."""
    decision = counted_decision_of(user, request, decisions)
    if decision is None or request.is_pending:
        return decision is not None
    return not has_set_out(decision, request.delivery) and not is_replaced(request)


def is_replaced(request: ApprovalRequest) -> bool:
    """Tell whether the same was asked in another request since, which alone may be live from then on."""
    return request.superseded_by_id is not None or request.restarts.exists()


def last_taken_back(user: User, request: ApprovalRequest) -> Decision | None:
    """Return what ``user`` decided on the request and took back last, if they did."""
    return request.decisions.filter(reviewer=user, taken_back_at__isnull=False).order_by("taken_back_at").last()


def proposal_for(request: ApprovalRequest, decisions: Sequence[Decision]) -> Proposal:
    """Return what an approval would approve now; once a form is filled in, the arguments with the answer."""
    latest = [decision for decision in decisions if decision.arguments is not None]
    if latest:
        return Proposal(arguments=latest[-1].arguments or {}, digest=latest[-1].digest)
    return Proposal(arguments=request.arguments, digest=request.digest)


def arguments_seen(request: ApprovalRequest, digest: str) -> Arguments | None:
    """Return the arguments that a page showed: those that were announced, or those of any approval so far.

    Also of one that was taken back. None when the request never had arguments with that digest.
    """
    if digest == request.digest:
        announced: Arguments = request.arguments
        return announced
    approval = request.decisions.filter(outcome=Outcome.APPROVED, digest=digest).first()
    return approval.arguments if approval else None


def arguments_before(request: ApprovalRequest, decision: Decision) -> Arguments:
    """Return the arguments that were proposed when a decision was made."""
    earlier = request.decisions.filter(outcome=Outcome.APPROVED, decided_at__lt=decision.decided_at)
    latest = earlier.exclude(taken_back_at__lte=decision.decided_at).order_by("decided_at").last()
    return (latest.arguments or {}) if latest else request.arguments


def ballots_of(decisions: Sequence[Decision]) -> list[Ballot]:
    """Return the decisions by people as the quorum rule counts them."""
    return [
        Ballot(reviewer=decision.reviewer.username, outcome=Outcome(decision.outcome), digest=decision.digest)
        for decision in decisions
        if decision.reviewer is not None
    ]


def membership_of(user: User, *, path: str = "") -> Exists:
    """Return the condition that ``user`` belongs to a group that decides a request, which a row reaches by ``path``."""
    return Exists(RequestGroup.objects.filter(request=OuterRef(f"{path}pk"), group__user=user))


def is_member(user: User, request: ApprovalRequest) -> bool:
    """Tell whether ``user`` belongs to a group that decides the request."""
    return ApprovalRequest.objects.filter(membership_of(user), pk=request.pk).exists()


def obstacle_of(
    user: User, request: ApprovalRequest, decisions: Sequence[Decision], *, is_member: bool
) -> Obstacle | None:
    """Return what keeps ``user`` from deciding the request, None when nothing does."""
    standing = Standing(
        is_member=is_member,
        requester=request.requester,
        approved_by={ballot.reviewer for ballot in standing_approvals(ballots_of(decisions))},
        is_held=request.held_at is not None,
    )
    return obstacle_for(user.username, standing)
