"""An agent whose tools misbehave, served like the samples: ``python -m tests.agents.engine.trial_agents``.

Its model does what the message says: ``tool {"argument": …}``, one call a line; it answers with what came back.
"""

import asyncio
import json
import os
from datetime import timedelta
from typing import Any

import restate
from google.adk.agents import LlmAgent
from google.adk.tools.tool_context import ToolContext
from restate.ext.adk import restate_context

from agents import service
from agents.approval import ask_human, ask_human_tool, requires_approval
from agents.environment import Environment
from agents.models.offline import OfflineModel
from agents.models.transcript import Call, Line, Transcript
from agents.session_object import session_object

COUNTS: dict[str, int] = {}


def play(transcript: Transcript) -> Line:
    """Call what the user's message says, then answer with what came back."""
    if transcript.fresh:
        return Line(json.dumps([result.response for result in transcript.fresh]))
    lines = [line.split(" ", 1) for line in transcript.unsettled[-1].splitlines()]
    return Line("As told.", tuple(Call(tool, json.loads(arguments)) for tool, arguments in lines))


@requires_approval(title="Refuse {what}")
def refuse(what: str) -> str:
    """Always refuses."""
    raise restate.TerminalError(f"{what} is impossible")


@requires_approval(title="Stumble {times} times", attempts=3)
async def stumble(times: int, tool_context: ToolContext) -> str:
    """Fails the first times, then succeeds."""
    tries = COUNTS[tool_context.session.id] = COUNTS.get(tool_context.session.id, 0) + 1
    if tries <= times:
        raise ValueError(f"stumbled at try {tries}")
    return f"succeeded at try {tries}"


@requires_approval(title="Make {size} characters")
def make(size: int) -> str:
    """Return a long text."""
    return "x" * size


@requires_approval(title="Work in steps", as_step=False)
async def work(tool_context: ToolContext) -> dict[str, str]:
    """Makes its own steps, and asks a question in between."""
    first = await restate_context().run_typed("first step", lambda: "one")
    answer = await ask_human(tool_context, "And now?", deadline=timedelta(days=2))
    return {"first": first, "then": answer.text or answer.status}


@requires_approval(title="Ask within a step")
async def ask_within(tool_context: ToolContext) -> str:
    """Asks where it can't."""
    return (await ask_human(tool_context, "May I?")).text


@requires_approval(
    title="Transfer {amount}",
    risk=lambda amount: "high" if amount > 10 else "low",
    groups=lambda amount: ["board"] if amount > 10 else [],
    quorum=lambda amount: 2 if amount > 10 else 1,
    deadline=lambda amount: timedelta(hours=1) if amount > 10 else None,
    when=lambda amount: amount > 1,
    editable=["amount"],
)
async def transfer(amount: int) -> dict[str, int]:
    """Transfer something."""
    return {"transferred": amount}


def trial() -> Any:
    """Return the service."""
    agent = LlmAgent(
        name="trial_agent",
        description="Does what it is told.",
        model=OfflineModel(model="offline", script=play),
        tools=[refuse, stumble, make, work, ask_within, transfer, ask_human_tool(groups=("desk",))],
    )
    return session_object("Trial", agent)


if __name__ == "__main__":
    environment = Environment.read({**os.environ, "AGENTS_BIND": os.environ["TRIAL_BIND"]})
    service.SERVICES = (trial(),)  # type: ignore[misc,assignment]
    asyncio.run(service.run(environment))
