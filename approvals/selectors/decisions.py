"""What has been decided on a request so far, and what is proposed now."""

from collections.abc import Iterable
from dataclasses import dataclass

from approvals.models import ApprovalRequest, Decision
from approvals.rules.editing import Arguments
from approvals.rules.eligibility import Electorate
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


def proposal_for(request: ApprovalRequest) -> Proposal:
    """Return what an approval would approve now."""
    latest = [decision for decision in request.decisions.all() if decision.outcome == Outcome.APPROVED]
    if latest:
        return Proposal(arguments=latest[-1].arguments or {}, digest=latest[-1].digest)
    return Proposal(arguments=request.arguments, digest=request.digest)


def ballots_of(request: ApprovalRequest, decisions: Iterable[Decision] | None = None) -> list[Ballot]:
    """Return the decisions by people, oldest first, as the quorum rule counts them."""
    rows = request.decisions.all() if decisions is None else decisions
    return [
        Ballot(reviewer=row.reviewer.username, outcome=Outcome(row.outcome), digest=row.digest)
        for row in rows
        if row.reviewer is not None
    ]


def electorate_of(request: ApprovalRequest) -> Electorate:
    """Return who may decide the request."""
    return Electorate(
        groups={group.pk for group in request.groups.all()},
        requester=request.requester,
        approved_by={ballot.reviewer for ballot in standing_approvals(ballots_of(request))},
    )
