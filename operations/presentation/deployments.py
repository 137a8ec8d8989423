"""Deployments in words and links."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from approvals.presentation.choices import Choice, Words
from approvals.presentation.run_states import STATE_WORDS
from operations.rules.draining import Need, Standing, confirmation_for
from operations.rules.run_query import RunQuery, Tab
from operations.rules.upgrading import Progress
from operations.selectors.run import SteeredRun
from restate_bridge.listed_run import RunState

NEEDS: Final[Mapping[Need, Words]] = {
    Need.NEW_RUNS: _("New runs go there."),
    Need.OLD_RUNS: _("Runs that began with it go on with it."),
    Need.WAY_BACK: _(
        "Runs that were moved away from it fail with the newer code, or are paused: it is their way back."
    ),
}
PROGRESS: Final[Mapping[Progress, Words]] = {
    Progress.DONE: pgettext_lazy("step", "done"),
    Progress.NOW: pgettext_lazy("step", "now"),
    Progress.LATER: pgettext_lazy("step", "later"),
}
# What people are waited for comes first.
_ORDER: Final = (RunState.WAITING, RunState.PAUSED, RunState.RETRYING, RunState.RUNNING, RunState.ASLEEP)


def pinned_links(standing: Standing) -> list[Choice]:
    """Return the runs that go on with a deployment, by their states, each as a link to them."""
    states = standing.states
    others = sorted(set(states) - set(_ORDER))
    return [
        Choice(STATE_WORDS[state], runs_of(standing.deployment.id, Tab(state.value)), count=str(states[state]))
        for state in (*_ORDER, *others)
        if states.get(state)
    ]


def states_in_words(states: Mapping[RunState, int]) -> str:
    """Return how many runs there are in each state, such as ``Queued 2, Scheduled 1``."""
    return ", ".join(f"{STATE_WORDS[state]} {number}" for state, number in sorted(states.items()))


def codes_in_words(run: SteeredRun) -> list[tuple[str, str]]:
    """Return the deployments that a paused run can go on with, by their ids; none where there is only one."""
    if len(run.codes) < 2:
        return []
    return [
        (
            code.id,
            gettext("%(version)s at %(address)s")
            % {"version": f"v{code.services[run.service]}", "address": confirmation_for(code.uri)},
        )
        for code in run.codes
    ]


def runs_of(deployment_id: str, tab: Tab) -> str:
    """Return the query string of the list of a deployment's runs."""
    return RunQuery(tab=tab, version=deployment_id).written()
