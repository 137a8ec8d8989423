"""What the pages about deployments need: thin, the work is done in `operations.presentation`."""

from collections.abc import Mapping

from django import template

from approvals.presentation.choices import Choice, Words
from operations.presentation.deployments import NEEDS, PROGRESS, pinned_links, runs_of, states_in_words
from operations.rules.draining import Need, Standing
from operations.rules.run_query import Tab
from operations.rules.upgrading import Progress, Step
from restate_bridge.listed_run import RunState

register = template.Library()


@register.filter
def pinned(standing: Standing) -> list[Choice]:
    """Return the runs that go on with a deployment, by their states, as links."""
    return pinned_links(standing)


@register.filter
def all_runs(deployment_id: str) -> str:
    """Return the query string of all runs that go on with a deployment."""
    return runs_of(deployment_id, Tab.OPEN)


@register.filter
def waiting_runs(deployment_id: str) -> str:
    """Return the query string of those that wait for people."""
    return runs_of(deployment_id, Tab.WAITING)


@register.filter
def states_words(states: Mapping[RunState, int]) -> str:
    """Return how many runs there are in each state, in words."""
    return states_in_words(states)


@register.filter
def need_words(need: Need) -> Words:
    """Return why a deployment is needed, in words."""
    return NEEDS[need]


@register.filter
def progress_words(progress: Progress) -> Words:
    """Return how far a step is, in words."""
    return PROGRESS[progress]


@register.filter
def at_step(progress: Mapping[Step, Progress], step: str) -> Progress:
    """Return how far a step, by its name, is."""
    return progress[Step(step)]
