"""Calls of gated tools that are made from inside another tool."""

import copy
import functools
import inspect
from dataclasses import dataclass
from typing import Any

from google.adk.tools.tool_context import ToolContext
from pydantic import JsonValue, ValidationError

from agents.approval.errors import RequestRefused
from agents.approval.gated_tool import GATED, GatedTool
from restate_bridge.contract import UnserialisableArguments

#: A gated function with its arguments, and without a tool context: ``partial(pay, invoice=invoice)``.
type GatedCall = functools.partial[Any]


@dataclass(frozen=True)
class Call:
    """A call of a gated tool.

    Attributes:
        context: the tool's own: what it does has a ``function_call_id`` of its own, the same in every replay.
    """

    gated: GatedTool
    context: ToolContext
    typed: dict[str, Any]
    plain: dict[str, JsonValue]


def call_of(wanted: GatedCall, tool_context: ToolContext, number: int) -> Call | str:
    """Return a call as it is asked for; or, in words for a model, why its arguments don't fit.

    Raises:
        RequestRefused: it is none of a gated tool.
    """
    gated = getattr(getattr(wanted, "func", None), GATED, None)
    if not isinstance(gated, GatedTool):
        raise RequestRefused(
            f"{wanted!r} is no call of a gated tool: give functools.partial(tool, argument=…), with a tool that has "
            "@requires_approval",
            status_code=422,
        )
    arguments = gated.tool.arguments
    try:
        given = inspect.signature(gated.tool.function).bind_partial(*wanted.args, **wanted.keywords).arguments
        typed = arguments.typed(given)
        plain = arguments.plain(typed)
        arguments.load(plain)
    except (TypeError, ValueError, ValidationError, UnserialisableArguments) as error:
        return f"{gated.tool.name} can't be called with these arguments, correct them: {error}"
    return Call(gated, _numbered(tool_context, number), typed, plain)


def _numbered(tool_context: ToolContext, number: int) -> ToolContext:
    """Return a context for one of several calls; what it writes into the state goes where the other's does."""
    own = copy.copy(tool_context)
    own.function_call_id = f"{tool_context.function_call_id}.{number}"
    return own
