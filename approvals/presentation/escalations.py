"""The stages on the way to a deadline, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals.models import ApprovalRequest, Escalation
from approvals.presentation.times import span


@dataclass(frozen=True, slots=True)
class Milestone:
    """One stage.

    Attributes:
        after: how long after the request: ``after 4 h``.
        what: what happens then: ``managers may decide too``.
        at: when it was carried out, or is due.
        state: ``done``, ``current`` for the next one, or ``ahead``.
    """

    after: str
    what: str
    at: datetime
    state: str


def milestones_of(request: ApprovalRequest, escalations: Sequence[Escalation]) -> list[Milestone]:
    """Return the stages of a request in the order of their times."""
    upcoming = next((stage for stage in escalations if stage.carried_out_at is None), None)
    return [
        Milestone(
            after=f"after {span(stage.due_at - request.announced_at, exact=True)}",
            what=_what(stage),
            at=stage.carried_out_at or stage.due_at,
            state="done" if stage.carried_out_at else "current" if stage is upcoming else "ahead",
        )
        for stage in escalations
    ]


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: ``a``, ``a and b``, ``a, b and c``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _what(stage: Escalation) -> str:
    may = f"{listed(stage.groups)} may decide too" if stage.groups else ""
    reminder = f"a reminder goes to {listed(stage.remind)}" if stage.remind else ""
    return ", ".join(filter(None, [may, reminder])) or "a reminder goes to everybody who may decide"
