"""Changing what a session keeps, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from approvals.presentation.choices import Words
from operations.rules.state import StateOutcome, StateVerb

VERBS: Final[Mapping[StateVerb, Words]] = {
    StateVerb.CHANGE: pgettext_lazy("state", "Change the value"),
    StateVerb.REMOVE: pgettext_lazy("state", "Remove the value"),
    StateVerb.CLEAR: pgettext_lazy("state", "Clear the state"),
}
EFFECTS: Final[Mapping[StateVerb, Words]] = {
    StateVerb.CHANGE: gettext_lazy(
        "The value becomes what stands below. All else under this key stays. The next run finds it so."
    ),
    StateVerb.REMOVE: gettext_lazy("The value goes, and can't be brought back. All else under this key stays."),
    StateVerb.CLEAR: gettext_lazy(
        "All that is kept under this key goes, and can't be brought back. The next run begins with nothing."
    ),
}
TOO_LARGE: Final = gettext_lazy(
    "More would be kept behind this than can be sent to Restate in one change, which names all that stays. Nothing was "
    "done. What is larger can be removed first, or all of it cleared."
)
WITH_TOKEN: Final = gettext_lazy(
    "This value holds a signed token, and no page shows one. So it can't be changed here, but it can be removed."
)
OUTCOMES: Final[Mapping[StateOutcome, Words]] = {
    StateOutcome.DONE: gettext_lazy("The state is changed."),
    StateOutcome.WAITS: gettext_lazy(
        "Restate has taken the change. It is made when no run has the session, unless the state is another by then."
    ),
    StateOutcome.OVERTAKEN: gettext_lazy(
        "A run changed the state at the same moment. See below whether your change is in it."
    ),
}
