"""What every announcement says: who asks, which run, and what was said and done before."""

from typing import Any

import restate
from google.adk.tools.tool_context import ToolContext

from agents.approval.cases import case_of
from agents.approval.conversation import conversation, reason
from agents.approval.durable import on_server
from restate_bridge.contract import RunReference


def common_fields(ctx: restate.Context, tool_context: ToolContext) -> dict[str, Any]:
    """Return the fields of an `Announcement` that approvals and questions share.

    Raises:
        TypeError: see `run_reference`.
    """
    context, left_out = conversation(tool_context)
    return {
        "agent": tool_context.agent_name,
        "requester": tool_context.user_id[:200],
        "reason": reason(tool_context),
        "run": run_reference(ctx, tool_context),
        "context": context,
        "context_left_out": left_out,
    }


def run_reference(ctx: restate.Context, tool_context: ToolContext) -> RunReference:
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
        session_id=tool_context.session.id,
        **case_of(served),
    )
