"""What a session remembers of a turn that ends badly."""

from collections.abc import Iterable
from typing import Final, override

import restate
from google.adk.agents.invocation_context import InvocationContext
from google.adk.events.event import Event
from google.adk.plugins import BasePlugin
from google.genai.types import Content, FunctionCall, FunctionResponse, Part
from restate.ext.adk import RestateSessionService

from agents.approval.conversation import shortened
from agents.approval.durable import is_cancel
from agents.approval.endings import end_of

_LONGEST_REASON: Final = 1_000


class SessionMemory(BasePlugin):
    """Keeps in the session what was said and done in a turn that was cancelled or failed for good.

    Without it Restate's session service writes nothing of such a turn, not even the user's message. With it the
    session holds the turn as far as it came, a response to each tool call that had none, and a last line that says how
    the turn ended; and the next message finds a history that every model takes. The error then goes its way.

    It belongs beside `RestatePlugin`; see `durable_plugins`.
    """

    def __init__(self) -> None:
        super().__init__(name="session_memory")

    @override
    async def on_run_error_callback(self, *, invocation_context: InvocationContext, error: Exception) -> None:
        """Close the turn and write the session, in a journaled step, when the run is about to end."""
        sessions, session = invocation_context.session_service, invocation_context.session
        end = end_of(error)
        # An agent that serves as a tool has a session in memory; the turn that called it remembers for both.
        if end is None or not isinstance(sessions, RestateSessionService):
            return
        # It holds the user's message at least: ADK calls this once that is in.
        turn = [event for event in session.events if event.invocation_id == invocation_context.invocation_id]
        agent = invocation_context.agent
        for event in _closing(turn, end, otherwise=agent.name if agent else session.app_name):
            await sessions.append_event(session, event)
        await sessions.flush_session_state(session)


def _closing(turn: list[Event], end: restate.TerminalError, otherwise: str) -> Iterable[Event]:
    status, why = "cancelled", "The run was cancelled"
    if not is_cancel(end):
        status, why = "failed", f"The run failed ({shortened(end.message, _LONGEST_REASON)})"
    for event, calls in _unanswered(turn):
        told = {"status": status, "error": f"{why} before this call returned."}
        yield _like(event, event.author, Content(role="user", parts=[_response(call, told) for call in calls]))
    said_last = next((event for event in reversed(turn) if event.author != "user"), None)
    words = Content(role="model", parts=[Part(text=f"({why} before the answer was complete.)")])
    yield _like(said_last or turn[-1], said_last.author if said_last else otherwise, words)


def _unanswered(turn: list[Event]) -> Iterable[tuple[Event, list[FunctionCall]]]:
    answered = {response.id for event in turn for response in event.get_function_responses()}
    for event in turn:
        if calls := [call for call in event.get_function_calls() if call.id not in answered]:
            yield event, calls


def _response(call: FunctionCall, told: dict[str, str]) -> Part:
    return Part(function_response=FunctionResponse(id=call.id, name=call.name, response=told))


def _like(event: Event, author: str, content: Content) -> Event:
    """Return an event that is visible to the agents that see ``event``."""
    return Event(
        invocation_id=event.invocation_id,
        author=author,
        branch=event.branch,
        isolation_scope=event.isolation_scope,
        content=content,
    )
