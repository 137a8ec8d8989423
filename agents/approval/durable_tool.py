"""`durable_tool`: a tool that nobody has to be asked for, as one durable step."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import restate
from google.adk.tools.tool_context import ToolContext

from agents.approval import outcomes
from agents.approval.durable import is_cancel
from agents.approval.retry import Retry
from agents.approval.tool import Tool
from agents.approval.wrapping import tool_of, wrapped


def durable_tool[**P](
    *, retry: Retry | None = None, undo: Callable[..., Any] | None = None
) -> Callable[[Callable[P, Any]], Callable[P, Awaitable[Any]]]:
    """Run a tool as one durable step: its result is journaled, and it is not run again once that has happened.

    Args:
        retry: how it is tried again when it raises; None means `Retry()`.
        undo: takes its effect back when a later request of the turn is not approved (``or_undo``), and when the turn
            is cancelled or fails for good. It takes those of the tool's arguments that it names, ``tool_context`` and
            ``result``, what the tool returned, or None when it never did. It has to bear being called twice, and being
            called for something that never came about.

    Raises:
        NotGateable: at import, when the function or ``undo`` can't work as written.

    Returns:
        A decorator. The function keeps its name, docstring and schema, and returns its own result; or, when it has
        failed as often as it may be tried, ``{"status": "failed", "error": …}``.
    """

    def decorate(function: Callable[P, Any]) -> Callable[P, Awaitable[Any]]:
        tool = tool_of(function, retry=retry or Retry(), undo=undo)
        return wrapped(function, tool, functools.partial(_run, tool))

    return decorate


async def _run(
    tool: Tool, ctx: restate.Context, tool_context: ToolContext, typed: dict[str, Any], _plain: dict[str, Any]
) -> Any:
    try:
        return await tool.run(ctx, tool_context, typed, None)
    except restate.TerminalError as error:
        if is_cancel(error):
            raise
        return outcomes.failed(error.message)
