"""What a run does, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

from approvals.presentation.choices import Words
from restate_bridge.listed_run import RunState

STATE_WORDS: Final[Mapping[RunState, Words]] = {
    RunState.WAITING: pgettext_lazy("run", "Waiting for a person"),
    RunState.ASLEEP: pgettext_lazy("run", "Asleep"),
    RunState.RUNNING: pgettext_lazy("run", "Running"),
    RunState.RETRYING: pgettext_lazy("run", "Retrying"),
    RunState.PAUSED: pgettext_lazy("run", "Paused"),
    RunState.QUEUED: pgettext_lazy("run", "Queued"),
    RunState.SCHEDULED: pgettext_lazy("run", "Scheduled"),
    RunState.COMPLETED: pgettext_lazy("run", "Completed"),
    RunState.FAILED: pgettext_lazy("run", "Failed"),
    RunState.CANCELLED: pgettext_lazy("run", "Cancelled"),
    RunState.KILLED: pgettext_lazy("run", "Killed"),
}
