"""What has been decided on a request so far, and what is proposed now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from approvals.models import ApprovalRequest, Decision
from approvals.rules.editing import Arguments
from approvals.rules.eligibility import Obstacle, Standing, obstacle_for
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
    """Return the decisions so far, oldest first, with their reviewers."""
    if request.is_pending and request.quorum == 1:
        # The first decision would have settled it. The agent waits while this is asked, so it is not asked.
        return []
    return list(request.decisions.select_related("reviewer"))


def settling_decision_of(request: ApprovalRequest) -> Decision | None:
    """Return the decision that settled the request, with its reviewer; None when none did."""
    return request.decisions.filter(settles=True).select_related("reviewer").first()


def proposal_for(request: ApprovalRequest, decisions: Sequence[Decision]) -> Proposal:
    """Return what an approval would approve now."""
    latest = [decision for decision in decisions if decision.outcome == Outcome.APPROVED]
    if latest:
        return Proposal(arguments=latest[-1].arguments or {}, digest=latest[-1].digest)
    return Proposal(arguments=request.arguments, digest=request.digest)


def ballots_of(decisions: Sequence[Decision]) -> list[Ballot]:
    """Return the decisions by people as the quorum rule counts them."""
    return [
        Ballot(reviewer=decision.reviewer.username, outcome=Outcome(decision.outcome), digest=decision.digest)
        for decision in decisions
        if decision.reviewer is not None
    ]


def obstacle_of(user: User, request: ApprovalRequest, decisions: Sequence[Decision]) -> Obstacle | None:
    """Return what keeps ``user`` from deciding the request, None when nothing does."""
    standing = Standing(
        is_member=request.groups.through.objects.filter(approvalrequest=request, group__user=user).exists(),
        requester=request.requester,
        approved_by={ballot.reviewer for ballot in standing_approvals(ballots_of(decisions))},
    )
    return obstacle_for(user.username, standing)
