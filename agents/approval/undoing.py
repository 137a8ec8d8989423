"""Taking back what a turn has done: the latest first, each in a durable step of its own."""

import functools
from dataclasses import dataclass, field
from typing import Any, override
from weakref import WeakKeyDictionary

import restate
from google.adk.agents.invocation_context import InvocationContext
from google.adk.plugins import BasePlugin
from restate.ext.adk import RestateSessionService
from restate.extensions import current_context

from agents.approval.durable import is_cancel, tool_step
from agents.approval.effects import Effect
from agents.approval.endings import end_of
from agents.approval.retry import AS_THE_RUN


@dataclass
class Undone:
    """What was taken back, the latest first, and what could not be: tool and reason."""

    tools: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it in words that follow a sentence; empty when there was nothing."""
        done = f" Undone: {', '.join(self.tools)}." if self.tools else ""
        return done + "".join(f" Not undone: {tool} ({why})." for tool, why in self.failed.items())

    def as_told(self) -> dict[str, Any]:
        """Return it as a model is told, without what is empty."""
        told: dict[str, Any] = {"undone": self.tools, "not_undone": self.failed}
        return {name: value for name, value in told.items() if value}


# A replay runs the same tools again, and so finds the same effects.
_effects: WeakKeyDictionary[restate.Context, list[Effect]] = WeakKeyDictionary()


def remember(ctx: restate.Context, effect: Effect) -> Effect:
    """Remember what may have to be undone before this turn ends."""
    _effects.setdefault(ctx, []).append(effect)
    return effect


def keep_effects(ctx: restate.Context) -> None:
    """Let what the turn has done so far stand."""
    _effects.pop(ctx, None)


async def undo_effects(ctx: restate.Context) -> Undone:
    """Undo what the turn has done so far; an undo that raises is tried again, and pauses the run in the end.

    Raises:
        TerminalError: the run was cancelled meanwhile. All the same everything was undone before.
    """
    undone, cancelled = Undone(), None
    effects = _effects.get(ctx, [])
    while effects:
        effect = effects[-1]
        try:
            undo = functools.partial(effect.undo, effect.result)
            await tool_step(ctx, f"undo: {effect.tool}", undo, AS_THE_RUN, None)
            undone.tools.append(effect.tool)
        except restate.TerminalError as error:
            if is_cancel(error):
                cancelled = error
                continue
            undone.failed[effect.tool] = error.message
        effects.pop()
    if cancelled:
        raise cancelled
    return undone


class UndoOnFailure(BasePlugin):
    """Undoes what a turn has done when the turn is cancelled or fails for good.

    It belongs between `RestatePlugin` and `SessionMemory`; see `durable_plugins`.
    """

    def __init__(self) -> None:
        super().__init__(name="undo_on_failure")

    @override
    async def on_run_error_callback(self, *, invocation_context: InvocationContext, error: Exception) -> None:
        """Undo, when the run is about to end."""
        ctx = current_context()
        # An agent that serves as a tool leaves it to the turn that called it.
        outermost = isinstance(invocation_context.session_service, RestateSessionService)
        if ctx is None or not outermost or end_of(error) is None:
            return
        try:
            await undo_effects(ctx)
        except restate.TerminalError:
            return  # Cancelled: it is ending anyway.
