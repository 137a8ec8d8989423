"""What may be out of date about a pending request, in words: what it means and what to do."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from approvals.rules.lifecycle import Status
from approvals.rules.staleness import Stale
from approvals.selectors.around import Around
from approvals.selectors.related import Related

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Flag:
    """One warning.

    Attributes:
        title: what is the case.
        meaning: what follows from it, and what to do.
        link: the request that shows it, if one does.
    """

    reason: Stale
    title: Words
    meaning: Words
    link: Related | None = None


_DECIDED: Final[dict[str, Words]] = {
    Status.APPROVED: _("Exactly this was approved before"),
    Status.REJECTED: _("Exactly this was rejected before"),
    Status.ANSWERED: _("Exactly this was answered before"),
    Status.EXPIRED: _("Exactly this was asked before, and expired"),
}
_TITLES: Final[dict[Stale, Words]] = {
    Stale.SESSION: _("The session went on meanwhile"),
    Stale.SCHEMA: _("The tool has changed since"),
    Stale.DEPLOYMENT: _("A newer version of the agent is deployed"),
    Stale.AGE: _("This has waited for a long time"),
}
_MEANINGS: Final[dict[Stale, Words]] = {
    Stale.DECIDED: _("The tool and all arguments are the same. Make sure that it is meant to happen again."),
    Stale.SESSION: _("Something else was asked or done in it later. Look at that first: it may have settled this."),
    Stale.SCHEMA: _(
        "Newer requests describe its arguments in another way. This run still calls it as shown here: check that the "
        "arguments are what is wanted today."
    ),
    Stale.DEPLOYMENT: _(
        "This run goes on with the version that it began with. If the newer one puts something right that matters "
        "here, reject this and let the agent begin again."
    ),
    Stale.AGE: _("What it is about may be out of date or done otherwise. Ask whether it is still wanted."),
}


def flags_of(around: Around) -> list[Flag]:
    """Return the warnings about a request, the most important first."""
    return [_flag(reason, around) for reason in around.reasons]


def _flag(reason: Stale, around: Around) -> Flag:
    link = {Stale.DECIDED: around.decided_before, Stale.SESSION: around.later}.get(reason)
    title = _DECIDED[link.status] if reason is Stale.DECIDED and link else _TITLES[reason]
    return Flag(reason, title, _MEANINGS[reason], link)
