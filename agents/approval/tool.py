"""A tool function that runs durably, whether or not somebody has to be asked."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import restate
from pydantic import JsonValue

from agents.approval.callers import Caller
from agents.approval.durable import as_json, tool_step
from agents.approval.effects import Undo
from agents.approval.retry import Retry
from agents.approval.schema import ToolArguments
from agents.approval.undoing import remember
from restate_bridge.contract import DecisionClaims


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool function and how it runs.

    Attributes:
        name: the function's; the journal's steps are named after it.
        function: sync or async.
        arguments: its arguments.
        retry: how it is tried again.
        as_step: whether it runs as one durable step, or makes its own.
        undo: what takes its effect back, if anything does.
    """

    name: str
    function: Callable[..., Any]
    arguments: ToolArguments
    retry: Retry
    as_step: bool = True
    undo: Undo | None = None

    @property
    def takes_context(self) -> bool:
        """Whether the function, or what takes its effect back, takes ADK's context."""
        return bool(self.arguments.context_parameter) or (self.undo is not None and self.undo.takes_context)

    async def run(
        self, ctx: restate.Context, caller: Caller, typed: dict[str, Any], claims: DecisionClaims | None
    ) -> JsonValue:
        """Run it and return its result as JSON.

        Raises:
            TerminalError: it raised one, failed as often as it may be tried, or the run was cancelled.
        """
        call = functools.partial(self.function, **self.arguments.with_context(typed, caller))
        # Before it runs: a tool that fails may have had its effect all the same.
        effect = remember(ctx, self.undo.effect(typed, caller)) if self.undo else None
        if self.as_step:
            result = await tool_step(ctx, self.name, call, self.retry.options(), claims)
        else:
            made = call()
            result = as_json(await made if inspect.isawaitable(made) else made)
        if effect:
            effect.result = result
        return result
