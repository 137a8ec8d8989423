"""A service whose agent hands work on: to an agent that serves as its tool, and to one below it."""

import json
import re
from typing import Any, Final

from google.adk.agents import LlmAgent
from google.adk.tools.agent_tool import AgentTool
from google.adk.tools.tool_context import ToolContext

from agents.approval import Errand, ask_agents, durable_tool, idempotency_key, requires_approval
from agents.book import Book
from agents.models.offline import OfflineModel
from agents.models.transcript import Call, Line, Script, Transcript
from agents.session_object import session_object

_BOOK: Final = Book("nested.jsonl")
_CALL: Final = re.compile(r"^(\w+) (\{.*\})$", re.MULTILINE)


def _write(tool_context: ToolContext, what: str) -> None:
    key = f"{idempotency_key(tool_context)} {what}"
    _BOOK.write_once(key, {"key": key, "what": what})


def give_back(what: str, tool_context: ToolContext) -> None:
    """Give back what was taken."""
    _write(tool_context, f"gave back {what}")


@durable_tool(undo=give_back)
def take(what: str, tool_context: ToolContext) -> str:
    """Take something."""
    _write(tool_context, f"took {what}")
    return what


@requires_approval(title="Send {what}", or_undo=True)
def send(what: str, tool_context: ToolContext) -> str:
    """Send something."""
    _write(tool_context, f"sent {what}")
    return what


async def consult(service: str, message: str, tool_context: ToolContext) -> str:
    """Ask another agent."""
    [answered] = await ask_agents(tool_context, [Errand(service, message)])
    return answered.answer or answered.error


def play(transcript: Transcript) -> Line:
    """Call what the message says, a line at a time, then tell what came back."""
    # Of what another agent has called ADK tells in words, which are no line to play.
    said = "\n".join((*transcript.before, *transcript.unsettled))
    calls = [Call(tool, json.loads(arguments)) for tool, arguments in _CALL.findall(said)]
    if len(transcript.results) < len(calls):
        return Line(calls=(calls[len(transcript.results)],))
    return Line("; ".join(_told(result.response) for result in transcript.results))


def hand_over(_: Transcript) -> Line:
    """Let the agent below do it."""
    return Line(calls=(Call("transfer_to_agent", {"agent_name": "courier"}),))


def _told(response: dict[str, Any]) -> str:
    return str(response.get("status") or response.get("result"))


def _agent(name: str, script: Script = play, **more: Any) -> LlmAgent:
    model = OfflineModel(model="offline", script=script, says_what_it_is=False)
    return LlmAgent(name=name, description="Does what it is told.", model=model, **more)


SERVICES = (
    session_object("Nested", _agent("head", tools=[AgentTool(_agent("clerk", tools=[take, send, consult]))])),
    session_object("Passing", _agent("desk", hand_over, sub_agents=[_agent("courier", tools=[take, send])])),
    session_object("Other", _agent("other", tools=[take])),
)
