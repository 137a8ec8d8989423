"""The list of runs in words and links."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from approvals.presentation.choices import Choice, Menu, Words
from operations.rules.run_query import STATES, Age, RunQuery, Tab
from operations.selectors.runs import RunsPage
from restate_bridge.deployments import Deployment
from restate_bridge.listed_run import ENDED, RunState

_TABS: Final[Mapping[Tab, Words]] = {
    Tab.OPEN: pgettext_lazy("runs", "All that go on"),
    Tab.WAITING: pgettext_lazy("runs", "Waiting for people"),
    Tab.RUNNING: pgettext_lazy("runs", "Running"),
    Tab.RETRYING: pgettext_lazy("runs", "Retrying"),
    Tab.PAUSED: pgettext_lazy("runs", "Paused"),
    Tab.ASLEEP: pgettext_lazy("runs", "Asleep"),
    Tab.QUEUED: pgettext_lazy("runs", "Queued"),
    Tab.SCHEDULED: pgettext_lazy("runs", "Scheduled"),
    Tab.FAILED: pgettext_lazy("runs", "Failed"),
    Tab.ENDED: pgettext_lazy("runs", "Ended"),
}
_AGES: Final[Mapping[str, Words]] = {
    Age.HOUR: gettext_lazy("older than an hour"),
    Age.DAY: gettext_lazy("older than a day"),
    Age.WEEK: gettext_lazy("older than a week"),
}


def tabs_for(page: RunsPage) -> list[Choice]:
    """Return the tabs with how many runs each holds; a state that nothing is in has none, but for the one shown."""
    query, always = page.query, (Tab.OPEN, Tab.WAITING, Tab.ENDED, page.query.tab)
    counts = {tab: _count(page, tab) for tab in Tab}
    return [
        Choice(
            _TABS[tab], query.changed(state=tab).written(), chosen=tab is query.tab, count=f"{count}" if count else ""
        )
        for tab, count in counts.items()
        if count or tab in always
    ]


def menus_for(page: RunsPage) -> list[Menu]:
    """Return the filters, each with its choices; none where there is nothing to choose."""
    query = page.query
    services = [(name, name) for name in page.services]
    versions = [(deployment.id, version_name(deployment)) for deployment in page.deployments if _has(deployment, query)]
    menus = [
        Menu("service", _("Service"), _choices(query, "service", services)),
        Menu("version", _("Version"), _choices(query, "version", versions)),
        Menu("age", _("Age"), _choices(query, "age", _AGES.items())),
    ]
    return [menu for menu in menus if len(menu.choices) > 1]


def chips_for(page: RunsPage) -> list[Choice]:
    """Return what narrows the list, each as a link that takes it away."""
    names = {deployment.id: version_name(deployment) for deployment in page.deployments}
    words = {"version": names, "age": _AGES}
    filters = page.query.filters.items()
    return [
        Choice(
            _("“%(words)s”") % {"words": value} if name == "q" else words.get(name, {}).get(value, value),
            page.query.changed(**{name: ""}).written(),
        )
        for name, value in filters
    ]


def version_name(deployment: Deployment) -> str:
    """Return a deployment's services with their revisions: ``Claims v3, Mail v3``."""
    return ", ".join(f"{service} v{revision}" for service, revision in sorted(deployment.services.items()))


def _count(page: RunsPage, tab: Tab) -> int:
    states = STATES[tab] or set(RunState) - ENDED
    return sum(number for state, number in page.counts.items() if state in states)


def _has(deployment: Deployment, query: RunQuery) -> bool:
    return not query.service or query.service in deployment.services


def _choices(query: RunQuery, name: str, values: Iterable[tuple[str, Words]]) -> list[Choice]:
    now = getattr(query, name)
    return [
        Choice(label, query.changed(**{name: "" if value == now else value}).written(), value == now)
        for value, label in values
    ]
