"""A service whose agent hands work on: to an agent that serves as its tool, and to one below it."""

import json
import re
from collections.abc import AsyncGenerator
from typing import Any, Final, override

import restate
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.runners import Runner
from google.adk.tools.agent_tool import AgentTool
from google.adk.tools.tool_context import ToolContext
from google.adk.workflow import START, Workflow
from google.genai.types import UserContent
from restate.ext.adk import RestateSessionService, restate_context, restate_object_context

from agents.approval import (
    Errand,
    ask_agents,
    durable_plugins,
    durable_tool,
    idempotency_key,
    requires_approval,
)
from agents.approval.talk import Ask, Reply
from agents.book import Book
from agents.models.offline import OfflineModel
from agents.models.transcript import Call, Line, Script, Transcript
from agents.session_object import session_object

_BOOK: Final = Book("nested.jsonl")
_CALL: Final = re.compile(r"^(\w+) (\{.*\})$", re.MULTILINE)


def _write(tool_context: ToolContext, what: str) -> None:
    # Kept under the object's key, which tells whose it is, also where the call's own key is made of the run.
    key = f"{restate_object_context().key()}/{idempotency_key(tool_context)}"
    _BOOK.write_once(f"{key} {what}", {"key": key, "what": what})


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


def _agent(name: str, script: Script = play, kind: type[OfflineModel] = OfflineModel, **more: Any) -> LlmAgent:
    model = kind(model="offline", script=script, says_what_it_is=False)
    return LlmAgent(name=name, description="Does what it is told.", model=model, **more)


class Counting(OfflineModel):
    """Numbers its calls anew in each conversation, as some models do."""

    @override
    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        async for answer in super().generate_content_async(llm_request, stream):
            for part in (answer.content and answer.content.parts) or ():
                if part.function_call:
                    part.function_call.id = f"{part.function_call.name}:0"
            yield answer


def _flow() -> restate.VirtualObject:
    """Return a service whose agent is a workflow with a node that does something."""

    async def work(ctx: ToolContext, node_input: Any) -> str:
        """Take it, and consult somebody about it."""
        what = node_input.parts[0].text

        def take_it() -> str:
            _write(ctx, f"took {what}")
            return "taken"

        await restate_context().run_typed("take", take_it)
        return await consult("Other", 'take {"what": "a note"}', ctx)

    app = App(name="flow", root_agent=Workflow(name="flow", edges=[(START, work)]), plugins=durable_plugins())
    runner = Runner(app=app, session_service=RestateSessionService())
    served = restate.VirtualObject("Flow")

    @served.handler()
    async def ask(ctx: restate.ObjectContext, said: Ask) -> Reply:
        message = UserContent(said.message)
        events = runner.run_async(user_id=said.user, session_id=ctx.key(), new_message=message)
        return Reply(answer="; ".join([str(event.output) async for event in events if event.output is not None]))

    return served


SERVICES = (
    _flow(),
    session_object("Nested", _agent("head", tools=[AgentTool(_agent("clerk", tools=[take, send, consult]))])),
    session_object(
        "Counted", _agent("head", kind=Counting, tools=[AgentTool(_agent("clerk", kind=Counting, tools=[take, send]))])
    ),
    session_object("Passing", _agent("desk", hand_over, sub_agents=[_agent("courier", tools=[take, send])])),
    session_object("Other", _agent("other", tools=[take])),
)
