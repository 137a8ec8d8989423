"""Calls of gated tools that are made from inside another tool."""

import functools
import inspect
from dataclasses import dataclass
from typing import Any

import restate
from pydantic import JsonValue, ValidationError

from agents.approval.callers import Caller, Handler, numbered
from agents.approval.errors import RequestRefused
from agents.approval.gated_tool import GATED, GatedTool
from restate_bridge.contract import UnserialisableArguments

#: A gated function with its arguments, and without a tool context: ``partial(pay, invoice=invoice)``.
type GatedCall = functools.partial[Any]


@dataclass(frozen=True)
class Call:
    """A call of a gated tool.

    Attributes:
        caller: the tool's own: what it does has a ``function_call_id`` of its own, the same in every replay.
    """

    gated: GatedTool
    caller: Caller
    typed: dict[str, Any]
    plain: dict[str, JsonValue]


def call_of(ctx: restate.Context, wanted: GatedCall, caller: Caller) -> Call | str:
    """Return a call as it is asked for; or, in words for a model, why its arguments don't fit.

    Raises:
        RequestRefused: it is none of a gated tool, or of one that only an agent can call.
    """
    gated = getattr(getattr(wanted, "func", None), GATED, None)
    if not isinstance(gated, GatedTool):
        raise RequestRefused(
            f"{wanted!r} is no call of a gated tool: give functools.partial(tool, argument=…), with a tool that has "
            "@requires_approval",
            status_code=422,
        )
    arguments = gated.tool.arguments
    if isinstance(caller, Handler) and gated.tool.takes_context:
        raise RequestRefused(
            f"{gated.tool.name} takes ADK's context, which a plain handler has none of", status_code=422
        )
    try:
        given = inspect.signature(gated.tool.function).bind_partial(*wanted.args, **wanted.keywords).arguments
        typed = arguments.typed(given)
        plain = arguments.plain(typed)
        arguments.load(plain)
    except (TypeError, ValueError, ValidationError, UnserialisableArguments) as error:
        return f"{gated.tool.name} can't be called with these arguments, correct them: {error}"
    return Call(gated, numbered(ctx, caller), typed, plain)
