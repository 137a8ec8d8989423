"""Statuses, risks, outcomes and other words of a fixed set, in the reader's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from approvals.errors import InvalidInput
from approvals.models import Decision
from approvals.people import display_name
from approvals.rules.editing import InvalidEdit
from approvals.rules.lifecycle import Status
from restate_bridge.contract import Risk

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

STATUSES: Final[Mapping[str, "StrPromise"]] = {
    Status.PENDING: pgettext_lazy("status", "Pending"),
    Status.APPROVED: pgettext_lazy("status", "Approved"),
    Status.REJECTED: pgettext_lazy("status", "Rejected"),
    Status.ANSWERED: pgettext_lazy("status", "Answered"),
    Status.EXPIRED: pgettext_lazy("status", "Expired"),
    Status.WITHDRAWN: pgettext_lazy("status", "Withdrawn"),
}
_STATES: Final = {
    Status.PENDING: lazy("The request waits for a decision"),
    Status.APPROVED: lazy("The request is approved"),
    Status.REJECTED: lazy("The request is rejected"),
    Status.ANSWERED: lazy("The request is answered"),
    Status.EXPIRED: lazy("The request has expired"),
    Status.WITHDRAWN: lazy("The request was withdrawn"),
}
_BY: Final = {
    Status.APPROVED: lazy("Approved by %(name)s"),
    Status.REJECTED: lazy("Rejected by %(name)s"),
    Status.ANSWERED: lazy("Answered by %(name)s"),
}
RISKS: Final[Mapping[str, "StrPromise"]] = {
    Risk.HIGH: lazy("high risk"),
    Risk.MEDIUM: lazy("medium risk"),
    Risk.LOW: lazy("low risk"),
}


def status_in_words(status: str) -> str:
    """Return a status in a word: ``Approved``."""
    return str(STATUSES[Status(status)])


def state_in_words(status: str) -> str:
    """Return a status in a sentence: ``The request is approved``."""
    return str(_STATES[Status(status)])


def risk_in_words(risk: str) -> str:
    """Return a risk in words: ``high risk``; one that we don't know stays as it is."""
    return str(RISKS.get(risk, risk))


def verdict_in_words(status: str, decision: Decision | None) -> str:
    """Return who decided what: ``Approved by Rea Viewer``, or ``Approved`` where that is not known."""
    by = _BY.get(Status(status))
    if decision is None or by is None:
        return status_in_words(status)
    return by % {"name": display_name(decision.reviewer) if decision.reviewer else "Countersign"}


def reason_in_words(reason: str) -> str:
    """Return a reason that was kept in English as a sentence; what agents' services wrote stays as they wrote it."""
    plain = f"{reason[:1].lower()}{reason[1:]}".rstrip(".")
    words = _(plain) if plain else ""
    # What has no translation is shown with the letters that it came with.
    words = words if words != plain else reason.rstrip(".")
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def problem_in_words(problem: InvalidInput | InvalidEdit) -> str:
    """Return what is wrong with an answer, a note or an edit, as it was raised by the rooms below the pages."""
    words = _(problem.wording)
    return words.format(*problem.values) if problem.values else words
