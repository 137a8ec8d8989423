"""`requires_approval`: the gate in front of a tool, in code and not in the model's goodwill."""

import functools
import inspect
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from google.adk.tools.tool_context import ToolContext
from pydantic import ValidationError

from agents.approval.durable import restate_context
from agents.approval.errors import NotGateable
from agents.approval.escalation import Escalation
from agents.approval.gated_tool import GatedTool
from agents.approval.policy import Policy
from agents.approval.schema import ToolArguments
from restate_bridge.contract import Risk, UnserialisableArguments


def requires_approval[**P](
    *,
    title: str,
    risk: Risk | str | Callable[..., Risk | str] = Risk.MEDIUM,
    groups: Sequence[str] | Callable[..., Sequence[str]] = (),
    quorum: int | Callable[..., int] = 1,
    deadline: timedelta | Callable[..., timedelta | None] | None = None,
    escalations: Sequence[Escalation] | Callable[..., Sequence[Escalation]] = (),
    editable: Sequence[str] = (),
    when: Callable[..., bool] | None = None,
    attempts: int = 5,
    as_step: bool = True,
) -> Callable[[Callable[P, Any]], Callable[P, Awaitable[Any]]]:
    """Put a tool behind a person's approval.

    ``risk``, ``groups``, ``quorum``, ``deadline``, ``escalations`` and ``when`` may be functions of the tool's typed
    arguments; each takes those that it names, as in ``when=lambda claim: claim.amount > 1000``. They are called again
    on a replay, so they may depend on these arguments and on nothing else.

    Args:
        title: one line, what will happen; a format string over the arguments.
        risk: ``low``, ``medium`` or ``high``.
        groups: who may see the request and decide; empty means the inbox's default group.
        quorum: how many different people must approve, 1 to 20.
        deadline: after how long without a decision it expires; None waits for ever.
        escalations: whom to remind, and who may decide besides, when nobody has decided for a while; at most 10, each
            later than the one before, all before the deadline.
        editable: dotted paths into the arguments that a reviewer may change.
        when: whether this call has to be asked for; None asks for every call.
        attempts: how often a tool that raises is tried before it counts as failed.
        as_step: whether the body runs as one durable step. With False it is called as it is, and makes its own steps.

    Raises:
        NotGateable: at import, when the function or one of these can't work as written.

    Returns:
        A decorator. The function keeps its name, docstring and schema. Not gated (``when``), it returns its own result;
        gated, a dict whose ``status`` is ``approved``, ``approved_with_changes``, ``rejected``, ``expired`` or
        ``failed``.
    """
    policy = Policy(
        title=title,
        risk=risk,
        groups=groups,
        quorum=quorum,
        deadline=deadline,
        escalations=escalations,
        editable=tuple(editable),
        when=when,
        attempts=attempts,
        as_step=as_step,
    )
    return lambda function: _wrapped(function, policy)


def _wrapped[**P](function: Callable[P, Any], policy: Policy) -> Callable[P, Awaitable[Any]]:
    generates = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
    if generates or not inspect.isfunction(function):
        raise NotGateable(f"{function!r}: only a plain function, sync or async, can be gated")
    arguments = ToolArguments(function)
    policy.check(function.__name__, arguments)
    tool = GatedTool(function.__name__, function, arguments, policy)
    context_parameter = arguments.context_parameter or "tool_context"
    signature = _with_context(inspect.signature(function), context_parameter)

    @functools.wraps(function)
    async def gated(*args: P.args, **kwargs: P.kwargs) -> Any:
        ctx = restate_context(tool.name)
        given = dict(signature.bind(*args, **kwargs).arguments)
        tool_context = given.pop(context_parameter)
        try:
            typed = arguments.typed(given)
            plain = arguments.plain(typed)
        except (ValidationError, UnserialisableArguments) as error:
            return {"error": f"{tool.name} can't be called with these arguments, correct them: {error}"}
        if not policy.needs_approval(typed):
            return await tool.run_unasked(ctx, tool_context, typed)
        return await tool.run_asked(ctx, tool_context, typed, plain)

    # ADK hands the context to the parameter that has its type, and keeps that one out of the schema.
    gated.__signature__ = signature  # type: ignore[attr-defined]
    gated.__annotations__ = {**function.__annotations__, context_parameter: ToolContext}
    return gated


def _with_context(signature: inspect.Signature, name: str) -> inspect.Signature:
    if name in signature.parameters:
        return signature
    parameter = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=ToolContext)
    return signature.replace(parameters=[*signature.parameters.values(), parameter])
