"""How an ADK agent becomes a Restate service: a virtual object whose key is the session."""

from datetime import timedelta
from typing import Any, Final

import restate
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.artifacts import FileArtifactService
from google.adk.runners import Runner
from google.adk.sessions import Session
from google.genai.types import Content, Part
from restate.ext.adk import RestateSessionService

from agents.approval import durable_plugins
from agents.approval.conversation import entries
from agents.approval.sealing import key_is_here
from agents.approval.talk import Ask, Reply
from agents.environment import Environment
from agents.models.careful import with_care
from agents.sessions import Bounds, ModelCalls, SummingUp
from restate_bridge.contract import SEALED, has_journal_keys

# A model that is away is asked again after half a second, then ever more rarely; see `InvocationRetryPolicy`.
_FIRST_RETRY: Final = timedelta(milliseconds=500)
_LONGEST_RETRY: Final = timedelta(minutes=1)
# Long enough that a week's wait for a person can still be looked at afterwards.
_RETENTION: Final = timedelta(days=14)


def session_object(name: str, agent: LlmAgent) -> restate.VirtualObject:
    """Return a service with two handlers, for one agent and one session a key.

    ``ask`` takes an `Ask`, runs one turn and returns a `Reply`; a second message to the same session waits for the
    first. ``history`` returns the session so far, and answers while a turn is waiting for a person; what was said early
    is summed up there after ``AGENT_SESSION_TURNS`` turns, as it is for the model. A turn that is
    cancelled or fails for good stays in the session, as far as it came. One that keeps failing, such as by a model that
    is away, is paused after ``AGENT_ATTEMPTS`` tries, for an operator to resume; every model is called with care.

    Raises:
        NotGateable: two tools of an agent have the same name.
    """
    durable = durable_plugins(agent)
    with_care(agent)
    environment = Environment.read()
    bounds = Bounds(environment.session_turns, environment.session_bytes)
    plugins = [ModelCalls(environment.model_calls), SummingUp(agent.canonical_model, bounds), *durable]
    app = App(name=name.lower(), root_agent=agent, plugins=plugins)
    # An artifact has to outlive the process that saved it, as the session does.
    artifacts = FileArtifactService(environment.artifacts)
    runner = Runner(app=app, session_service=RestateSessionService(), artifact_service=artifacts)
    service = restate.VirtualObject(
        name,
        description=agent.description,
        invocation_context_managers=[key_is_here],
        metadata={SEALED: "true"} if has_journal_keys() else None,
        inactivity_timeout=environment.inactivity_timeout,
        invocation_retry_policy=restate.InvocationRetryPolicy(
            initial_interval=_FIRST_RETRY,
            exponentiation_factor=2,
            max_interval=_LONGEST_RETRY,
            max_attempts=environment.attempts,
            on_max_attempts="pause",
        ),
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
