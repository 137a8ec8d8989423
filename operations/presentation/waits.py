"""Where a wait stands, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from approvals.presentation.choices import Words
from operations.rules.waits import Standing

STANDINGS: Final[Mapping[Standing, Words]] = {
    Standing.OPEN: _("Nobody announced it, and nobody was asked."),
    Standing.ASKED: _("Nobody announced it. By a rule, reviewers were asked."),
    Standing.HELD: _("An operator holds it. Let it go on first, on the page of its run."),
    Standing.SETTLED: _("Somebody has settled it."),
    Standing.ANNOUNCED: _("An agent has announced it: it is decided in the inbox, by a signed decision."),
    Standing.ABOUT_TO_BE: _("An agent is about to announce it, as far as one can tell now. Look again in a moment."),
    Standing.LOST: _(
        "The run's journal says that it was announced, but there is no request of it here. It may have been lost with "
        "data of the inbox. The agent goes on with nothing but a signed decision: cancel the run, and restart it from "
        "a step before the announcement, so that it asks again."
    ),
    Standing.ANSWERED: _("Something else has answered it."),
    Standing.PAUSED: _("The run is paused, and Restate does not tell what it waits on. Resume it first."),
    Standing.RUNNING: _("The run is not suspended on it now. What a run waits on, Restate tells once it is suspended."),
    Standing.ENDED: _("The run has ended, and waits no more."),
}
