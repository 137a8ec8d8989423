"""Agents that serve as tools of others: which call of which run their sessions in memory belong to."""

from contextvars import ContextVar
from typing import Any, Final, override
from weakref import WeakKeyDictionary

import restate
from google.adk.agents.invocation_context import InvocationContext
from google.adk.plugins import BasePlugin
from google.adk.sessions import InMemorySessionService
from google.adk.tools.agent_tool import AgentTool
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.tool_context import ToolContext

from agents.approval.durable import running_context

# The calls within which a run of such an agent begins, outermost first: ``.id.id``.
_calls: Final[ContextVar[str]] = ContextVar("countersign_agent_tools", default="")
_sessions: WeakKeyDictionary[restate.Context, dict[str, str]] = WeakKeyDictionary()


class AgentTools(BasePlugin):
    """Remembers by which calls an agent came to serve as a tool: each attempt gives its session another id."""

    def __init__(self) -> None:
        super().__init__(name="agent_tools")

    @override
    async def before_tool_callback(
        self, *, tool: BaseTool, tool_args: dict[str, Any], tool_context: ToolContext
    ) -> dict[str, Any] | None:
        """Note which call it is."""
        if isinstance(tool, AgentTool):
            _calls.set(f"{calls_around(tool_context.session.id) or ''}.{tool_context.function_call_id}")
        return None

    @override
    async def before_run_callback(self, *, invocation_context: InvocationContext) -> None:
        """Note the session that belongs to the call."""
        ctx, is_tool = running_context(), isinstance(invocation_context.session_service, InMemorySessionService)
        if ctx is not None and is_tool and (calls := _calls.get()):
            _sessions.setdefault(ctx, {})[invocation_context.session.id] = calls


def calls_around(session_id: str) -> str | None:
    """Return the calls that a session in memory belongs to, as ``.id.id``; None for a session that is kept."""
    ctx = running_context()
    return None if ctx is None else _sessions.get(ctx, {}).get(session_id)
