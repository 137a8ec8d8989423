"""What the examples of docs/agents.md define, served as it stands there: ``python -m tests.docs.guide_agents``.

Only the model is another one. It does what the message says: ``tool {"argument": …}``, one call a line, and a
paragraph for each of its answers; in the end it says what came back.
"""

import asyncio
import inspect
import json
from collections.abc import Iterator
from typing import Any, Final, override

import restate
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.models import LLMRegistry
from google.adk.runners import Runner
from google.adk.tools.tool_context import ToolContext
from google.adk.workflow import Workflow
from google.genai.types import Part, UserContent
from restate.ext.adk import RestateSessionService, restate_context
from restate.handler import RESTATE_UNIQUE_HANDLER_SYMBOL

from agents import service
from agents.approval import durable_plugins
from agents.approval.talk import Ask, Reply
from agents.environment import Environment
from agents.models.offline import OfflineModel
from agents.models.transcript import Call, Line, Script, Transcript
from agents.session_object import session_object
from tests.docs.guide import EXAMPLES, offered, run

_MODEL: Final = "gemini-2.5-flash"


def play(transcript: Transcript) -> Line:
    """Make the calls of the message's next paragraph, or say what came of all of them."""
    said = transcript.unsettled or transcript.before
    # What another agent did before it handed over is told to this one as words of the user.
    handed_over = any("called tool `transfer_to_agent`" in text for text in said)
    message = [text for text in said if not text.startswith(("For context:", "["))][-1]
    if "{" not in message:
        return Line("I have read it.")
    made = len(transcript.fresh) + handed_over
    for calls in map(_calls, message.split("\n\n")):
        if made <= 0:
            return Line("As told.", calls)
        made -= len(calls)
    return Line(json.dumps([result.response for result in transcript.fresh]))


def _calls(paragraph: str) -> tuple[Call, ...]:
    lines = [line.split(" ", 1) for line in paragraph.splitlines()]
    return tuple(Call(tool, json.loads(arguments)) for tool, arguments in lines)


class StandIn(OfflineModel):
    """Plays the model that the examples name."""

    script: Script = play
    says_what_it_is: bool = False

    @classmethod
    @override
    def supported_models(cls) -> list[str]:
        return [r"gemini-.*"]


async def keep(name: str, tool_context: ToolContext) -> str:
    """Keep an artifact, for an example that sends it along."""

    async def save() -> int:
        return await tool_context.save_artifact(name, Part.from_bytes(data=b"40.00 EUR", mime_type="text/plain"))

    await restate_context().run_typed("keep", save)
    return "kept"


def _is_tool(value: Any) -> bool:
    """Whether an example means this for an agent: a function that is decorated by us, or takes ADK's context."""
    if not inspect.iscoroutinefunction(value) or RESTATE_UNIQUE_HANDLER_SYMBOL in vars(value):
        return False
    return ToolContext in value.__annotations__.values()


def _served(name: str, app: App) -> restate.VirtualObject:
    """Return a service for an app, as the page says how to write one."""
    runner = Runner(app=app, session_service=RestateSessionService())
    served = restate.VirtualObject(name)

    @served.handler()
    async def ask(ctx: restate.ObjectContext, said: Ask) -> Reply:
        answer = ""
        message = UserContent(said.message)
        async for event in runner.run_async(user_id=said.user, session_id=ctx.key(), new_message=message):
            texts = [part.text or "" for part in (event.content.parts if event.content else None) or ()]
            answer = json.dumps(event.output) if event.output is not None else "".join(texts) or answer
        return Reply(answer=answer)

    return served


def _services() -> Iterator[restate.VirtualObject | restate.Service]:
    tools: list[Any] = [keep]
    for block in EXAMPLES:
        defined, names = run(block), offered(block)
        yield from (value for value in defined.values() if isinstance(value, restate.VirtualObject | restate.Service))
        tools += [defined[name] for name in names if _is_tool(defined[name])]
        for name in names:
            yield from _made_of(name, defined[name])
    yield session_object("Guide", LlmAgent(name="guide", model=_MODEL, tools=tools))
    yield from (session_object(name, LlmAgent(name=name.lower(), model=_MODEL)) for name in ("Law", "Finance"))


def _made_of(name: str, value: Any) -> Iterator[restate.VirtualObject | restate.Service]:
    """Yield the service that something is served by which is none itself."""
    title = name.replace("_", " ").title().replace(" ", "")
    match name, value:
        case _, LlmAgent():
            yield session_object(title, value)
        case _, Workflow():
            yield _served(title, App(name=name, root_agent=value, plugins=durable_plugins()))
        case "clerk", _:
            yield value()
        case "talkative", _:
            yield _served(title, value(LlmAgent(name=name, model=_MODEL, tools=[look])))


def look() -> str:
    """Look, for an example that bounds how often."""
    return "nothing"


if __name__ == "__main__":
    LLMRegistry.register(StandIn)
    service.SERVICES = tuple(_services())  # type: ignore[misc]
    asyncio.run(service.run(Environment.read()))
