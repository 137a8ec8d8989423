"""When the decisions of several people settle a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from restate_bridge.contract import Outcome


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's decision, as far as counting goes.

    Attributes:
        reviewer: who decided.
        outcome: approved, rejected or answered.
        digest: the digest of the arguments that this person agreed to.
    """

    reviewer: str
    outcome: Outcome
    digest: str


def standing_approvals(ballots: Sequence[Ballot]) -> list[Ballot]:
    """Return the approvals that count: one a person, all for the arguments that were agreed to last.

    Whoever edits the arguments starts a new count: nobody is taken to have approved what they did not see.
    """
    approvals = [ballot for ballot in ballots if ballot.outcome is Outcome.APPROVED]
    if not approvals:
        return []
    since_the_last_edit = takewhile(lambda ballot: ballot.digest == approvals[-1].digest, reversed(approvals))
    return list({ballot.reviewer: ballot for ballot in reversed(list(since_the_last_edit))}.values())


def settled_outcome(ballots: Sequence[Ballot], quorum: int) -> Outcome | None:
    """Return what the ballots, oldest first, settle, or None while more people have to approve.

    One rejection rejects, one answer answers, ``quorum`` different people must approve the same arguments.
    """
    for ballot in ballots:
        if ballot.outcome in (Outcome.REJECTED, Outcome.ANSWERED):
            return ballot.outcome
    return Outcome.APPROVED if len(standing_approvals(ballots)) >= quorum else None
