"""What kind of step a journal's entry is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.utils.translation import pgettext_lazy

from approvals.presentation.choices import Words
from restate_bridge.ids import FIRST_AWAKEABLE_INDEX
from restate_bridge.journal import JournalLine
from restate_bridge.model_calls import MODEL_CALL


class StepKind(StrEnum):
    """What a step is."""

    INPUT = "input"
    MODEL = "model"
    STEP = "step"
    WAIT = "wait"
    CANCELLED = "cancelled"
    SLEEP = "sleep"
    CALL = "call"
    SEND = "send"
    READ = "read"
    WRITE = "write"
    CLEAR = "clear"
    PROMISE = "promise"
    ATTACH = "attach"
    SIGNAL = "signal"
    OUTPUT = "output"
    OTHER = "other"


KINDS: Final[Mapping[StepKind, Words]] = {
    StepKind.INPUT: pgettext_lazy("step", "Input"),
    StepKind.MODEL: pgettext_lazy("step", "Model call"),
    StepKind.STEP: pgettext_lazy("step", "Step"),
    StepKind.WAIT: pgettext_lazy("step", "Wait for a person"),
    StepKind.CANCELLED: pgettext_lazy("step", "Cancelled"),
    StepKind.SLEEP: pgettext_lazy("step", "Sleep"),
    StepKind.CALL: pgettext_lazy("step", "Call"),
    StepKind.SEND: pgettext_lazy("step", "One-way call"),
    StepKind.READ: pgettext_lazy("step", "State read"),
    StepKind.WRITE: pgettext_lazy("step", "State written"),
    StepKind.CLEAR: pgettext_lazy("step", "State cleared"),
    StepKind.PROMISE: pgettext_lazy("step", "Promise"),
    StepKind.ATTACH: pgettext_lazy("step", "Wait for another run"),
    StepKind.SIGNAL: pgettext_lazy("step", "Signal sent"),
    StepKind.OUTPUT: pgettext_lazy("step", "Output"),
    StepKind.OTHER: pgettext_lazy("step", "Entry"),
}
_BY_COMMAND: Final = {
    "Input": StepKind.INPUT,
    "Run": StepKind.STEP,
    "Sleep": StepKind.SLEEP,
    "Call": StepKind.CALL,
    "OneWayCall": StepKind.SEND,
    "GetEagerState": StepKind.READ,
    "GetLazyState": StepKind.READ,
    "GetEagerStateKeys": StepKind.READ,
    "GetLazyStateKeys": StepKind.READ,
    "SetState": StepKind.WRITE,
    "ClearState": StepKind.CLEAR,
    "ClearAllState": StepKind.CLEAR,
    "GetPromise": StepKind.PROMISE,
    "PeekPromise": StepKind.PROMISE,
    "CompletePromise": StepKind.PROMISE,
    "AttachInvocation": StepKind.ATTACH,
    "GetInvocationOutput": StepKind.ATTACH,
    "SendSignal": StepKind.SIGNAL,
    "CompleteAwakeable": StepKind.SIGNAL,
    "Output": StepKind.OUTPUT,
}


def kind_of(line: JournalLine) -> StepKind:
    """Return what a command or a signal of a journal is; of an entry that the engine has learned since, that alone."""
    if line.kind == "Notification: Signal":
        is_awakeable = line.signal is None or line.signal >= FIRST_AWAKEABLE_INDEX
        return StepKind.WAIT if is_awakeable else StepKind.CANCELLED
    kind = _BY_COMMAND.get(line.kind.removeprefix("Command: "), StepKind.OTHER)
    return StepKind.MODEL if kind is StepKind.STEP and line.name == MODEL_CALL else kind
