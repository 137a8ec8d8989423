"""What can be done to a run, in words: what it is called, what will happen, and why not now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from approvals.presentation.choices import Words
from approvals.presentation.run_states import STATE_WORDS
from operations.rules.control import CameTo, Obstacle, Unread, Verb
from restate_bridge.listed_run import ENDED, RunState

VERBS: Final[dict[Verb, Words]] = {
    Verb.PAUSE: pgettext_lazy("verb", "Pause"),
    Verb.RESUME: pgettext_lazy("verb", "Resume"),
    Verb.MOVE: pgettext_lazy("verb", "Move to newer code"),
    Verb.RETRY: pgettext_lazy("verb", "Retry now"),
    Verb.CANCEL: pgettext_lazy("verb", "Cancel the run"),
    Verb.KILL: pgettext_lazy("verb", "Kill"),
    Verb.RESTART: pgettext_lazy("verb", "Restart"),
    Verb.PURGE: pgettext_lazy("verb", "Purge"),
}
#: What they are called where they are done to many.
VERBS_TOGETHER: Final[Mapping[Verb, Words]] = VERBS | {Verb.CANCEL: pgettext_lazy("verb", "Cancel runs")}
EFFECTS: Final[Mapping[Verb, Words]] = {
    Verb.PAUSE: gettext_lazy(
        "The run stops where it is and goes on only when somebody resumes it. A decision is kept."
    ),
    Verb.RESUME: gettext_lazy("The run goes on where it stopped, with what arrived meanwhile."),
    Verb.MOVE: gettext_lazy(
        "The run takes its steps once more, as its journal has them, with the newest code of its service, and waits "
        "again where it did. It goes on only if that code takes the same steps in the same order. If not, it fails "
        "(RT0016) and is tried again and again: then pause it, and resume it with the version that it had."
    ),
    Verb.RETRY: gettext_lazy("The step that failed is tried again at once, instead of when its time comes."),
    Verb.CANCEL: gettext_lazy(
        "The run ends at its next wait. Its code hears of it and can tidy up; requests are withdrawn."
    ),
    Verb.KILL: gettext_lazy("The run ends at once. No code of it runs any more, so nothing is tidied up."),
    Verb.RESTART: gettext_lazy("A new run begins with what is kept of this one's journal. All behind it runs again."),
    Verb.PURGE: gettext_lazy("Restate forgets the run and its journal. The inbox keeps its requests and their record."),
}
#: Holding a run's requests, and letting go of them: what it is called, and what will happen.
HOLDS: Final[Mapping[str, tuple[Words, Words]]] = {
    "hold": (
        pgettext_lazy("verb", "Hold its requests"),
        gettext_lazy(
            "Nobody can decide what the run waits for, and its deadline stands still, until an operator lets it go on. "
            "The run itself stays as it is."
        ),
    ),
    "unhold": (
        pgettext_lazy("verb", "Let them be decided"),
        gettext_lazy("Reviewers can decide again, with the time that was left when the requests were held."),
    ),
}
OBSTACLES: Final[Mapping[Obstacle, Words]] = {
    Obstacle.HAS_ENDED: gettext_lazy("The run has ended."),
    Obstacle.GOES_ON: gettext_lazy("The run goes on: cancel or kill it first."),
    Obstacle.NOT_STARTED: gettext_lazy("The run has not begun yet."),
    Obstacle.IS_PAUSED: gettext_lazy("The run is paused already."),
    Obstacle.NOT_PAUSED: gettext_lazy("The run is not paused."),
    Obstacle.NOT_RETRYING: gettext_lazy("The run is not waiting to be tried again."),
    Obstacle.IS_AT_WORK: gettext_lazy("The run is at work: pause it first."),
    Obstacle.HAS_THE_NEWEST: gettext_lazy(
        "The run has the newest code of its service, or gets it with its first step."
    ),
    Obstacle.CODE_IS_GONE: gettext_lazy("The version that the run had was removed. It can begin anew with the latest."),
    Obstacle.NEEDS_SCHEDULER: gettext_lazy(
        "The run waits, and this Restate can't pause what waits: that needs the scheduler with vqueues."
    ),
}
_AIMS: Final[Mapping[tuple[Verb, RunState], Words]] = {
    (Verb.PAUSE, RunState.PAUSED): gettext_lazy("The run is paused."),
    (Verb.CANCEL, RunState.CANCELLED): gettext_lazy("The run is cancelled."),
    (Verb.KILL, RunState.KILLED): gettext_lazy("The run is killed."),
    (Verb.RESTART, RunState.COMPLETED): gettext_lazy("A new run has begun."),
    (Verb.MOVE, RunState.RETRYING): gettext_lazy(
        "The run has the newer code, and fails there. If that does not take the same steps, pause the run, and "
        "resume it with the version that it had."
    ),
}
_GOING_ON: Final[Mapping[Verb, Words]] = {
    Verb.RESUME: gettext_lazy("The run goes on."),
    Verb.RETRY: gettext_lazy("The step is tried again."),
    Verb.RESTART: gettext_lazy("A new run has begun."),
    Verb.MOVE: gettext_lazy("The run goes on with the newer code."),
}
#: Where nobody knows whether it was done, and where it was done before.
NO_ANSWER: Final = gettext_lazy("No answer came: it may have been done all the same. Look at the run first.")
RESTARTED_BEFORE: Final = gettext_lazy(
    "The run was restarted since this page was made. Look at the new run first; to restart it once more, confirm again."
)


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that can be done, or the reason why it can't be done now.

    Attributes:
        can_be_held: whether holding the run's requests does instead.
    """

    verb: Verb
    label: Words
    why_not: Words = ""
    can_be_held: bool = False


def controls_for(obstacles: Mapping[Verb, Obstacle | None]) -> list[Control]:
    """Return every verb, with the reason where it is not possible now."""
    return [
        Control(verb, VERBS[verb], OBSTACLES[why] if why else "", can_be_held=why is Obstacle.NEEDS_SCHEDULER)
        for verb, why in obstacles.items()
    ]


def done_in_words(verb: Verb, state: CameTo) -> str:
    """Return what came of a verb, from the state that was read back."""
    if isinstance(state, Unread):
        return _unread_in_words(verb, state)
    if (verb, state) in _AIMS:
        return str(_AIMS[verb, state])
    if verb in _GOING_ON and state not in ENDED and state is not RunState.PAUSED:
        return str(_GOING_ON[verb])
    if verb in (Verb.PAUSE, Verb.CANCEL) and state not in ENDED:
        return _("Restate has told the run. It heeds that at its next step.")
    words = (
        _("A new run has begun. What it is now: %(state)s.")
        if verb is Verb.RESTART
        else _("Restate has heard it. What the run is now: %(state)s.")
    )
    return words % {"state": STATE_WORDS[state]}


def came_to_in_words(state: CameTo) -> str:
    """Return what a run came to, as a list of many has it."""
    if state is Unread.GONE:
        return pgettext("run", "forgotten")
    return _("heard; what came of it could not be read") if isinstance(state, Unread) else str(STATE_WORDS[state])


def _unread_in_words(verb: Verb, state: Unread) -> str:
    if state is Unread.UNKNOWN:
        return _("Restate has heard it. What came of it could not be read.")
    if verb is Verb.RESTART:
        return _("Restate has begun a new run, and does not show it yet.")
    return _("Restate has forgotten the run.") if verb is Verb.PURGE else _("Restate no longer keeps this run.")


def held_in_words(verb: str, number: int) -> str:
    """Return what came of holding a run's requests, or of letting go of them."""
    if not number:
        return _("There was nothing to do: no request of the run is like that any more.")
    if verb == "hold":
        return ngettext("%(number)d request is held.", "%(number)d requests are held.", number) % {"number": number}
    words = ngettext("%(number)d request can be decided again.", "%(number)d requests can be decided again.", number)
    return words % {"number": number}
