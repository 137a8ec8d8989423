"""The operators' record in words and links."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from approvals.presentation.choices import Choice, Menu, Words
from approvals.presentation.run_states import STATE_WORDS
from operations.models import OperatorEvent
from operations.presentation.control import HOLDS, VERBS
from operations.presentation.state import VERBS as STATE_VERBS
from operations.rules.control import Unread
from operations.rules.state import StateOutcome
from operations.selectors.record import Entry, RecordPage
from restate_bridge.listed_run import RunState

_DEEDS: Final[Mapping[str, Words]] = {
    **{f"run.{verb}": words for verb, words in VERBS.items()},
    **{f"run.{verb}": words for verb, (words, _effect) in HOLDS.items()},
    "run.payload": pgettext_lazy("record", "Looked at what a run holds"),
    "deployment.register": pgettext_lazy("record", "Register a deployment"),
    "deployment.remove": pgettext_lazy("record", "Remove a deployment"),
    "wait.payload": pgettext_lazy("record", "Looked at what a wait is about"),
    "wait.resolve": pgettext_lazy("record", "Resolved an unannounced wait"),
    "wait.reject": pgettext_lazy("record", "Rejected an unannounced wait"),
    "session.state": pgettext_lazy("record", "Looked at what a session holds"),
    **{f"session.{verb}": words for verb, words in STATE_VERBS.items()},
    "handler.call": pgettext_lazy("record", "Called a handler"),
}
#: What came of a change of a session's state.
_STATES: Final[Mapping[str, Words]] = {
    StateOutcome.WAITS: pgettext_lazy("record", "Taken, for when no run has the session"),
    StateOutcome.OVERTAKEN: pgettext_lazy("record", "A run changed the state at the same moment"),
}
_REFUSAL: Final = 400


def deed_in_words(what: str) -> Words:
    """Return what was done, in words."""
    return _DEEDS.get(what, what)


def outcome_in_words(entry: Entry) -> str:
    """Return what came of it, in words; empty for a look, of which nothing comes."""
    if entry.is_look:
        return ""
    if entry.outcome is None:
        return _("Nobody knows what came of it: Countersign was stopped meanwhile.")
    data: Mapping[str, Any] = entry.outcome.data
    if entry.outcome.code.endswith(".unheard"):
        return _("No answer: %(why)s") % {"why": data.get("why", "")}
    if data.get("status", 0) >= _REFUSAL:
        return _("Refused: %(text)s") % {"text": data.get("text", "")}
    return _state_in_words(entry.state or _told_at_once(data))


def name_of_actor(line: OperatorEvent) -> str:
    """Return who it was."""
    return line.actor.removeprefix("user:")


def menus_for(page: RecordPage) -> list[Menu]:
    """Return the filters, each with its choices; none where there is nothing to choose."""
    people = [(actor, actor.removeprefix("user:")) for actor in page.people]
    deeds = [(what, deed_in_words(what)) for what in page.deeds]
    menus = [
        Menu("who", _("Who"), _choices(page, "who", people)),
        Menu("what", _("What"), _choices(page, "what", deeds)),
    ]
    return [menu for menu in menus if len(menu.choices) > 1]


def chips_for(page: RecordPage) -> list[Choice]:
    """Return what narrows the record, each as a link that takes it away."""
    words = {"q": _("“%(words)s”") % {"words": page.query.q}, "who": page.query.who.removeprefix("user:")}
    return [
        Choice(words.get(name, deed_in_words(value)), page.query.changed(**{name: ""}).written())
        for name, value in page.query.filters.items()
    ]


def _told_at_once(data: Mapping[str, Any]) -> str:
    # Whoever steers a run reads it back, and has written no line of that yet, or can't any more.
    return str(data.get("state") or data.get("outcome") or (Unread.UNKNOWN if "new_run" in data else ""))


def _state_in_words(state: str) -> str:
    if state in _STATES:
        return str(_STATES[state])
    if state in list(RunState):
        return str(STATE_WORDS[RunState(state)])
    if state == Unread.GONE:
        return _("Restate no longer keeps this run.")
    return _("Done; what came of it could not be read.") if state == Unread.UNKNOWN else _("Done")


def _choices(page: RecordPage, name: str, values: Iterable[tuple[str, Words]]) -> list[Choice]:
    now = getattr(page.query, name)
    return [
        Choice(label, page.query.changed(**{name: "" if value == now else value}).written(), value == now)
        for value, label in values
    ]
