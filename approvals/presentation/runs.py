"""The state of a run in words."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from restate_bridge.failures import Failing
from restate_bridge.introspection import Run

_STATES: Final = {
    "pending": pgettext_lazy("run", "pending"),
    "scheduled": pgettext_lazy("run", "scheduled"),
    "ready": pgettext_lazy("run", "ready"),
    "running": pgettext_lazy("run", "running"),
    "backing-off": pgettext_lazy("run", "backing off"),
    "suspended": pgettext_lazy("run", "suspended"),
    "paused": pgettext_lazy("run", "paused"),
    "completed": pgettext_lazy("run", "completed"),
    "failed": pgettext_lazy("run", "failed"),
    "cancelled": pgettext_lazy("run", "cancelled"),
    "killed": pgettext_lazy("run", "killed"),
}


def state_in_words(run: Run, failing: Failing | None) -> str:
    """Return the engine's word for a run's state; how it has ended, and that it keeps failing if it does.

    A state that the engine has learned since stays as it calls it.
    """
    if failing is not None:
        return _("failing, attempt %(number)s") % {"number": failing.attempt} if failing.attempt else _("failing")
    state = str(run.ending or run.status)
    return str(_STATES.get(state, state))
