"""Who asks people: a tool of an ADK agent, a node of an ADK workflow, or a plain Restate handler."""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import restate
from google.adk.tools.tool_context import ToolContext

from agents.approval.cases import case_of
from agents.approval.conversation import bounded, calling_tool, conversation, reason, shortened
from agents.approval.durable import on_server, running_context
from agents.approval.nesting import calls_around
from restate_bridge.contract import ContextEntry, RunReference

_MAX_NAME: Final = 200


@dataclass
class Handler:
    """A plain handler that asks people; see `in_handler`. Its fields are named as those of a `ToolContext`.

    Attributes:
        function_call_id: which call of its run this is, the same in every replay.
        run_id: the run's.
    """

    agent_name: str
    user_id: str
    reason: str
    said: tuple[str, ...]
    session_id: str
    function_call_id: str
    run_id: str


#: Who asks: ADK's context of a tool or a node, or what `in_handler` returns.
type Caller = ToolContext | Handler

# A replay makes the same calls again, with a context of its own.
_calls: WeakKeyDictionary[restate.Context, Counter[str]] = WeakKeyDictionary()


def in_handler(
    ctx: restate.Context, *, requester: str = "", name: str = "", reason: str = "", said: Sequence[str] = ()
) -> Handler:
    """Return who asks when there is no agent: a plain Restate handler, of a service, an object or a workflow.

    Call it anew for each request.

    Args:
        ctx: the handler's context.
        requester: on whose behalf it runs; that person can't approve it.
        name: who is shown to ask; empty means the service's name.
        reason: why, in a sentence for the reviewer.
        said: what else the reviewer should know, oldest first; the last 200 entries go along, 400,000 bytes at most.

    Raises:
        TypeError: the context is none of Restate's server.
    """
    served = on_server(ctx)
    return Handler(
        agent_name=(name or served.handler.service_tag.name)[:_MAX_NAME],
        user_id=requester,
        reason=shortened(reason),
        said=tuple(map(shortened, said)),
        session_id=served.key() or "",
        function_call_id=str(_count(ctx, "") + 1),
        run_id=served.request().id,
    )


def fields_of(ctx: restate.Context, caller: Caller) -> dict[str, Any]:
    """Return the fields of an `Announcement` that approvals and questions share.

    Raises:
        TypeError: see `run_reference`.
    """
    context, left_out = _said_to(caller)
    return {
        "agent": caller.agent_name,
        "requester": caller.user_id[:_MAX_NAME],
        "reason": caller.reason if isinstance(caller, Handler) else reason(caller),
        "run": run_reference(ctx, caller),
        "context": context,
        "context_left_out": left_out,
    }


def run_reference(ctx: restate.Context, caller: Caller) -> RunReference:
    """Return the run that ``ctx`` belongs to.

    Raises:
        TypeError: the context is none of Restate's server; only that one knows its service.
    """
    served = on_server(ctx)
    return RunReference(
        invocation_id=served.request().id,
        service=served.handler.service_tag.name,
        handler=served.handler.name,
        key=served.key() or "",
        session_id=session_of(caller),
        **case_of(served),
    )


def session_of(caller: Caller) -> str:
    """Return the session in which it is asked; empty for a service without one.

    That of an agent that serves as a tool is in memory: the object's key stands for it, or else the run.
    """
    if isinstance(caller, Handler):
        return caller.session_id
    return caller.session.id if calls_around(caller.session.id) is None else _object_or_run()


def call_of(caller: Caller) -> tuple[str, str]:
    """Return within what a call is made, and which it is there: the same in each replay."""
    if isinstance(caller, Handler):
        return caller.run_id, caller.function_call_id
    if not caller.function_call_id:  # A node of a workflow: it comes once in a run.
        ctx = running_context()
        return (on_server(ctx).request().id if ctx else caller.session.id), str(caller.node_path)
    return session_of(caller) + (calls_around(caller.session.id) or ""), caller.function_call_id


def idempotency_key(caller: Caller) -> str:
    """Return what tells this call from every other: the same in each replay, and for what undoes it.

    Hand it to what the tool calls, so that it has its effect once, however often the step is repeated.
    """
    return "/".join(call_of(caller))


def _object_or_run() -> str:
    ctx = running_context()
    assert ctx is not None, "only a run has such sessions"
    served = on_server(ctx)
    return served.key() or served.request().id


def tool_of_caller(caller: Caller, otherwise: str) -> str:
    """Return the name of the tool that is running, if one is."""
    return otherwise if isinstance(caller, Handler) else calling_tool(caller, otherwise)


def numbered(ctx: restate.Context, caller: Caller) -> Caller:
    """Return the caller of one call of a gated tool from code, with a ``function_call_id`` that no other call has.

    What it writes into the state goes where the other's does. A node of a workflow has no id of its own: there it is
    made of the run's.
    """
    base = caller.function_call_id or on_server(ctx).request().id
    own = copy.copy(caller)
    own.function_call_id = f"{base}.{_count(ctx, base)}"
    return own


def _count(ctx: restate.Context, base: str) -> int:
    """Return how often this was called before for a base, in this run."""
    counts = _calls.setdefault(ctx, Counter())
    counts[base] += 1
    return counts[base] - 1


def _said_to(caller: Caller) -> tuple[list[ContextEntry], int]:
    if not isinstance(caller, Handler):
        return conversation(caller)
    said = [ContextEntry(author=caller.agent_name, kind="message", text=text) for text in caller.said]
    return bounded(said)
