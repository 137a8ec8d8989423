"""A service as its author would write it, whose agent has two tools of one name."""

import restate
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.runners import Runner
from google.genai.types import UserContent
from restate.ext.adk import RestateSessionService

from agents.approval import durable_plugins, requires_approval
from agents.approval.talk import Ask


@requires_approval(title="Empty {drawer}")
def empty(drawer: str) -> str:
    """Empty a drawer."""
    return drawer


def empty_all(house: str) -> str:
    """Empty a house."""
    return house


empty_all.__name__ = "empty"


def clashing() -> restate.VirtualObject:
    """Return the service; its plugins were not given the agent, so they see it when it runs."""
    agent = LlmAgent(name="clearer", model="none-is-called", tools=[empty, empty_all])
    app = App(name="clashing", root_agent=agent, plugins=durable_plugins())
    runner = Runner(app=app, session_service=RestateSessionService())
    served = restate.VirtualObject("Clashing")

    @served.handler()
    async def ask(ctx: restate.ObjectContext, said: Ask) -> None:
        message = UserContent(said.message)
        async for _ in runner.run_async(user_id=said.user, session_id=ctx.key(), new_message=message):
            pass

    return served
