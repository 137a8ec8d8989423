"""What every decorator of a tool does: read the function, and put something in front of it that ADK takes for it."""

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import restate
from google.adk.tools.tool_context import ToolContext
from pydantic import ValidationError

from agents.approval.durable import restate_context
from agents.approval.effects import Undo
from agents.approval.errors import NotGateable
from agents.approval.retry import Retry
from agents.approval.schema import ToolArguments
from agents.approval.tool import Tool
from restate_bridge.contract import UnserialisableArguments

#: What a call comes to: the handler's context, ADK's, the arguments typed and as plain JSON.
type Called = Callable[[restate.Context, ToolContext, dict[str, Any], dict[str, Any]], Awaitable[Any]]


def tool_of(
    function: Callable[..., Any], *, retry: Retry, as_step: bool = True, undo: Callable[..., Any] | None = None
) -> Tool:
    """Return a function as a tool.

    Raises:
        NotGateable: it can't be one as written.
    """
    generates = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
    if generates or not inspect.isfunction(function):
        raise NotGateable(f"{function!r}: only a plain function, sync or async, can be gated")
    arguments = ToolArguments(function)
    undoing = None if undo is None else Undo(function.__name__, undo, arguments)
    if undoing:
        undoing.check()
    return Tool(
        name=function.__name__, function=function, arguments=arguments, retry=retry, as_step=as_step, undo=undoing
    )


def wrapped[**P](function: Callable[P, Any], tool: Tool, called: Called) -> Callable[P, Awaitable[Any]]:
    """Return a function that looks like ``function`` to ADK and the model, and does what ``called`` says.

    Arguments that don't fit the types never get there; the model is told to correct them.
    """
    arguments = tool.arguments
    context_parameter = arguments.context_parameter or "tool_context"
    signature = _with_context(inspect.signature(function), context_parameter)

    @functools.wraps(function)
    async def stand_in(*args: P.args, **kwargs: P.kwargs) -> Any:
        ctx = restate_context(tool.name)
        given = dict(signature.bind(*args, **kwargs).arguments)
        tool_context = given.pop(context_parameter)
        try:
            typed = arguments.typed(given)
            plain = arguments.plain(typed)
        except (ValidationError, UnserialisableArguments) as error:
            return {"error": f"{tool.name} can't be called with these arguments, correct them: {error}"}
        return await called(ctx, tool_context, typed, plain)

    # ADK hands the context to the parameter that has its type, and keeps that one out of the schema.
    stand_in.__signature__ = signature  # type: ignore[attr-defined]
    stand_in.__annotations__ = {**function.__annotations__, context_parameter: ToolContext}
    return stand_in


def _with_context(signature: inspect.Signature, name: str) -> inspect.Signature:
    if name in signature.parameters:
        return signature
    parameter = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=ToolContext)
    return signature.replace(parameters=[*signature.parameters.values(), parameter])
