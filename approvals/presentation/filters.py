"""The tabs, filters and orders of a list as links."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from approvals.presentation.choices import Choice, Menu, Words
from approvals.presentation.words import RISKS, STATUSES
from approvals.rules.lifecycle import Status
from approvals.rules.queue_query import PENDING_QUEUES, Age, Deadline, Queue, QueueQuery, Sort
from approvals.selectors.counting import COUNTED, MOST_COUNTED
from approvals.selectors.inbox import QueuePage
from restate_bridge.contract import Risk

QUEUES: Final[Mapping[Queue, Words]] = {
    Queue.MINE: gettext_lazy("For me"),
    Queue.TEAMS: gettext_lazy("My teams"),
    Queue.SNOOZED: gettext_lazy("Snoozed"),
    Queue.WAITING: pgettext_lazy("for others", "Waiting"),
    Queue.DECIDED: gettext_lazy("Decided"),
    Queue.ALL: gettext_lazy("All"),
}
_KEYS: Final = {Queue.MINE: "m", Queue.TEAMS: "t", Queue.SNOOZED: "s", Queue.WAITING: "w", Queue.DECIDED: "d"}
_SORTS: Final[Mapping[Sort, Words]] = {
    Sort.DEADLINE: gettext_lazy("Nearest deadline"),
    Sort.RISK: gettext_lazy("Highest risk"),
    Sort.AGE: gettext_lazy("Oldest"),
    Sort.LATEST: gettext_lazy("Latest"),
}
_AGES: Final[Mapping[str, Words]] = {
    Age.NEW: gettext_lazy("from the last day"),
    Age.DAY: gettext_lazy("older than a day"),
    Age.WEEK: gettext_lazy("older than a week"),
}
_DEADLINES: Final[Mapping[str, Words]] = {
    Deadline.NEAR: gettext_lazy("deadline within 4 hours"),
    Deadline.DAY: gettext_lazy("deadline within a day"),
    Deadline.NONE: gettext_lazy("no deadline"),
}
_NAMES: Final[Mapping[str, Words]] = {
    "risk": gettext_lazy("Risk"),
    "deadline": gettext_lazy("Deadline"),
    "age": gettext_lazy("Age"),
    "outcome": gettext_lazy("Outcome"),
    "agent": gettext_lazy("Agent"),
    "tool": gettext_lazy("Tool"),
    "group": gettext_lazy("Group"),
}
_WORDS: Final[Mapping[str, Mapping[str, Words]]] = {
    "risk": RISKS,
    "age": _AGES,
    "deadline": _DEADLINES,
    "outcome": STATUSES,
}


def in_words(count: int) -> str:
    """Return a count as it is shown: nothing for none, ``99+`` from a hundred on."""
    return "" if not count else str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def tabs_for(page: QueuePage) -> list[Choice]:
    """Return the queues; the one of everything only while it is shown, since a search leads there."""
    shown = [queue for queue in Queue if queue is not Queue.ALL or page.query.queue is Queue.ALL]
    return [
        Choice(
            QUEUES[queue],
            QueueQuery.read({"queue": queue}).written(),
            chosen=queue is page.query.queue,
            count=in_words(page.counts[queue]) if queue in COUNTED else "",
            key=_KEYS.get(queue, ""),
        )
        for queue in shown
    ]


def ways_to_queues() -> list[Choice]:
    """Return the queues that have a key, for pages without a list."""
    return [Choice(QUEUES[queue], QueueQuery.read({"queue": queue}).written(), key=key) for queue, key in _KEYS.items()]


def views_for(page: QueuePage) -> list[Choice]:
    """Return the saved views."""
    here = page.query.written()
    return [
        Choice(view.name, view.query, chosen=view.query == here, count=in_words(page.counts[str(view.pk)]))
        for view in page.views
    ]


def sorts_for(page: QueuePage) -> list[Choice]:
    """Return the orders that the list can have, none when there is only one."""
    query = page.query
    if len(query.sorts) == 1:
        return []
    return [Choice(_SORTS[sort], query.changed(sort=sort).written(), sort is query.sort) for sort in query.sorts]


def menus_for(page: QueuePage) -> list[Menu]:
    """Return the filters that make sense for the list, each with its choices."""
    query = page.query
    tools = [known for known in page.tools if query.agent in ("", known.agent)]
    values: dict[str, Iterable[str]] = {
        "risk": Risk.__members__.values(),
        "deadline": Deadline,
        "age": Age,
        "outcome": () if query.queue in PENDING_QUEUES else Status,
        "agent": dict.fromkeys(known.agent for known in page.tools),
        "tool": sorted({known.tool for known in tools}),
        "group": (group.name for group in page.groups) if len(page.groups) > 1 else (),
    }
    menus = [Menu(name, _NAMES[name], _choices(query, name, offered)) for name, offered in values.items()]
    return [menu for menu in menus if menu.choices]


def chips_for(page: QueuePage) -> list[Choice]:
    """Return what narrows the list, each as a link that takes it away."""
    query = page.query
    return [
        Choice(_in_words(name, value), query.changed(**{name: ""}).written()) for name, value in query.filters.items()
    ]


def _choices(query: QueueQuery, name: str, values: Iterable[str]) -> list[Choice]:
    return [
        Choice(_label(name, value), query.changed(**{name: "" if value == now else value}).written(), value == now)
        for now in (getattr(query, name),)
        for value in values
    ]


def _label(name: str, value: str) -> Words:
    return _WORDS[name][value] if name in _WORDS else value


def _in_words(name: str, value: str) -> Words:
    if name == "together":
        return _("asked together")
    if name == "q":
        return _("“%(words)s”") % {"words": value}
    return _label(name, value)
