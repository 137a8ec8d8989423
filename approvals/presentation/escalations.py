"""The stages on the way to a deadline, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.lists import format_list
from django.utils.translation import gettext as _

from approvals.models import ApprovalRequest, Escalation
from approvals.presentation.times import locale, span


@dataclass(frozen=True, slots=True)
class Milestone:
    """One stage.

    Attributes:
        after: how long after the request: ``after 4 hr``.
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
            after=_("after {span}").format(span=span(stage.due_at - request.announced_at, exact=True)),
            what=_what(stage),
            at=stage.carried_out_at or stage.due_at,
            state="done" if stage.carried_out_at else "current" if stage is upcoming else "ahead",
        )
        for stage in escalations
    ]


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence of the reader's language lists them: ``a``, ``a and b``, ``a, b, and c``."""
    return format_list(list(names), style="standard", locale=locale())


def _what(stage: Escalation) -> str:
    names = {"groups": listed(stage.groups), "people": listed(stage.remind)}
    match bool(stage.groups), bool(stage.remind):
        case True, True:
            return _("%(groups)s may decide too, a reminder goes to %(people)s") % names
        case True, False:
            return _("%(groups)s may decide too") % names
        case False, True:
            return _("a reminder goes to %(people)s") % names
    return _("a reminder goes to everybody who may decide")
