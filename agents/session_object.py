"""How an ADK agent becomes a Restate service: a virtual object whose key is the session."""

from datetime import timedelta
from typing import Any, Final

import restate
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.runners import Runner
from google.adk.sessions import Session
from google.genai.types import Content, Part
from pydantic import BaseModel, Field
from restate.ext.adk import RestatePlugin, RestateSessionService

from agents.approval.conversation import entries
from agents.approval.memory import SessionMemory
from agents.environment import Environment

# Long enough that a week's wait for a person can still be looked at afterwards.
_RETENTION: Final = timedelta(days=14)


class Ask(BaseModel):
    """A message to an agent.

    Attributes:
        user: on whose behalf; that person can't approve what comes of it.
        message: what they say.
    """

    user: str = Field(min_length=1, max_length=200)
    message: str = Field(min_length=1, max_length=20_000)


class Reply(BaseModel):
    """What the agent answered when its turn was over."""

    answer: str


def session_object(name: str, agent: LlmAgent) -> restate.VirtualObject:
    """Return a service with two handlers, for one agent and one session a key.

    ``ask`` takes an `Ask`, runs one turn and returns a `Reply`; a second message to the same session waits for the
    first. ``history`` returns the session so far, and answers while a turn is waiting for a person. A turn that is
    cancelled or fails for good stays in the session, as far as it came.
    """
    app = App(name=name.lower(), root_agent=agent, plugins=[RestatePlugin(), SessionMemory()])
    runner = Runner(app=app, session_service=RestateSessionService())
    service = restate.VirtualObject(
        name,
        description=agent.description,
        inactivity_timeout=Environment.read().inactivity_timeout,
        journal_retention=_RETENTION,
        idempotency_retention=_RETENTION,
    )

    @service.handler()
    async def ask(ctx: restate.ObjectContext, said: Ask) -> Reply:
        """Say something to the agent, in the session that is the key."""
        return await _turn(runner, ctx.key(), said)

    @service.handler(kind="shared")
    async def history(ctx: restate.ObjectSharedContext) -> list[dict[str, Any]]:
        """Return what was said and done in the session, oldest first."""
        session = await ctx.get(f"session_store::{ctx.key()}", type_hint=Session)
        return [entry.model_dump(mode="json") for entry in entries(session.events if session else [])]

    return service


async def _turn(runner: Runner, session_id: str, said: Ask) -> Reply:
    message = Content(role="user", parts=[Part(text=said.message)])
    answer = ""
    async for event in runner.run_async(user_id=said.user, session_id=session_id, new_message=message):
        if event.is_final_response() and event.content and event.content.parts:
            answer = "".join(part.text or "" for part in event.content.parts if not part.thought)
    return Reply(answer=answer)
