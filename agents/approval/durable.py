"""Durable steps: how a tool runs under Restate, and what holds while it does."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Final

import restate
from pydantic import JsonValue
from pydantic_core import PydanticSerializationError, from_json, to_json
from restate.extensions import current_context
from restate.server_context import ServerInvocationContext

from agents.approval.errors import NoRestateContext
from restate_bridge.contract import DecisionClaims, span

_in_step: ContextVar[bool] = ContextVar("countersign_in_step", default=False)
_decision: ContextVar[DecisionClaims | None] = ContextVar("countersign_decision", default=None)

# Short at first, since the inbox is mostly back at once; then often enough that a person doesn't wait for it.
_FIRST_RETRY: Final = timedelta(milliseconds=200)
_LONGEST_RETRY: Final = timedelta(seconds=5)


def current_decision() -> DecisionClaims | None:
    """Return the decision that let the running tool run, or None when nobody had to be asked."""
    return _decision.get()


def running_context() -> restate.Context | None:
    """Return the context of the handler that runs, if one does."""
    try:
        return current_context()
    except LookupError:
        return None


def restate_context(tool: str) -> restate.Context:
    """Return the context of the handler that runs.

    Raises:
        NoRestateContext: there is none.
        TerminalError: it is busy with a durable step, within which no other can begin.
    """
    ctx = running_context()
    if ctx is None:
        raise NoRestateContext(tool)
    if _in_step.get():
        raise restate.TerminalError(
            f"{tool} was called inside a durable step; gate the outer tool with as_step=False, so that it makes its own"
        )
    return ctx


def on_server(ctx: restate.Context) -> ServerInvocationContext:
    """Return the context as that of Restate's server.

    Raises:
        TypeError: it is none; only that one knows its service.
    """
    if not isinstance(ctx, ServerInvocationContext):
        raise TypeError(f"{type(ctx).__name__} does not know which service it serves")
    return ctx


def is_cancel(error: restate.TerminalError) -> bool:
    """Return whether the run was cancelled, as opposed to an awakeable rejected or a step failed."""
    return error.status_code == 409 and error.message == "cancelled"


async def inbox_step[T](
    ctx: restate.Context,
    name: str,
    action: Callable[[], Awaitable[T]],
    kind: type[T] | None,
    *,
    at_most: timedelta | None = None,
) -> T:
    """Run a call to the inbox as a journaled step, tried again until it succeeds or ``at_most`` has passed."""

    async def call() -> T:
        return await action()

    options: restate.RunOptions[T] = restate.RunOptions(
        type_hint=kind, initial_retry_interval=_FIRST_RETRY, max_retry_interval=_LONGEST_RETRY, max_duration=at_most
    )
    return await ctx.run_typed(name, call, options)


async def tool_step(
    ctx: restate.Context,
    name: str,
    function: Callable[[], Any],
    options: restate.RunOptions[JsonValue],
    decision: DecisionClaims | None,
) -> JsonValue:
    """Run a tool's body as one journaled step and return its result as JSON.

    Raises:
        TerminalError: the tool raised one, failed as often as ``options`` allow, or the run was cancelled.
    """

    async def call() -> JsonValue:
        _in_step.set(True)
        _decision.set(decision)
        # What nobody had to be asked for belongs to no decision's trace.
        if decision is None or not decision.traceparent:
            return await body()
        # Restate's own span of this attempt is in the trace of who started the run.
        with span(name, parent=decision.traceparent, linked=ctx.request().attempt_headers.get("traceparent", "")):
            return await body()

    async def body() -> JsonValue:
        if inspect.iscoroutinefunction(function):
            return as_json(await function())
        result = await asyncio.to_thread(function)
        # A plain wrapper around an async tool has only made a coroutine by now.
        return as_json(await result if inspect.isawaitable(result) else result)

    return await ctx.run_typed(name, call, options)


def as_json(result: Any) -> JsonValue:
    """Return a tool's result as JSON. It never fails: by now the tool has had its effect, which mustn't be repeated."""
    try:
        plain: JsonValue = from_json(to_json(result, serialize_unknown=True, inf_nan_mode="strings"))
    except (PydanticSerializationError, ValueError, RecursionError):
        return repr(result)
    return plain
