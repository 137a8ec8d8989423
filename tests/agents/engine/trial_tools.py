"""Tools that misbehave, or do what is looked at afterwards."""

import asyncio
import os
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import restate
from google.adk.tools.tool_context import ToolContext
from pydantic import BaseModel, Field, field_validator
from restate.ext.adk import restate_context

from agents.approval import (
    Errand,
    Escalation,
    Retry,
    ask_agents,
    ask_human,
    durable_tool,
    request_agreement,
    request_approval,
    request_approvals,
    requires_approval,
)

COUNTS: dict[str, int] = {}


@requires_approval(title="Refuse {what}")
def refuse(what: str) -> str:
    """Always refuses."""
    raise restate.TerminalError(f"{what} is impossible")


@requires_approval(title="Stumble {times} times", retry=Retry(attempts=3))
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


@requires_approval(title="Linger for {seconds:g} s")
async def linger(seconds: float) -> str:
    """Take a while."""
    await asyncio.sleep(seconds)
    return "done"


async def break_off(why: str) -> str:
    """End the run."""
    raise restate.TerminalError(why)


async def ask_nothing(tool_context: ToolContext) -> str:
    """Ask what can't be asked."""
    return (await ask_human(tool_context, "  ")).text


@requires_approval(
    title="Transfer {amount}",
    risk=lambda amount: "high" if amount > 10 else "low",
    groups=lambda amount: ["board"] if amount > 10 else [],
    quorum=lambda amount: 2 if amount > 10 else 1,
    deadline=lambda amount: timedelta(hours=1) if amount > 10 else None,
    escalations=lambda amount: [Escalation(after=timedelta(minutes=amount))] if amount > 10 else [],
    when=lambda amount: amount > 1,
    editable=["amount"],
    reject_reasons=("The account is closed.",),
)
async def transfer(amount: int) -> dict[str, int]:
    """Transfer something."""
    return {"transferred": amount}


def unlay(brick: str, result: str | None) -> None:
    """Take a brick away, unless it sticks."""
    if brick == "sticky":
        raise restate.TerminalError("it sticks")
    if (file := Path(os.environ["AGENTS_DATA_DIR"], brick)).exists():
        raise OSError(f"{file.read_text()} stands on it")
    with Path(os.environ["AGENTS_DATA_DIR"], "taken-away").open("a") as notes:
        notes.write(f"{brick} {result}\n")


@durable_tool(retry=Retry(attempts=2), undo=unlay)
def lay(brick: str) -> str:
    """Lay a brick."""
    if brick == "crumbling":
        raise ValueError("it crumbled")
    return f"laid {brick}"


@requires_approval(title="Approve the wall", or_undo=True)
def finish_wall(well: bool) -> str:
    """Finish the wall."""
    if not well:
        raise restate.TerminalError("it leans")
    return "finished"


async def consult(services: list[str], message: str, tool_context: ToolContext) -> list[dict[str, str]]:
    """Ask other agents."""
    errands = [Errand(service, message) for service in services]
    return [asdict(answered) for answered in await ask_agents(tool_context, errands)]


async def transfer_many(amounts: list[int], tool_context: ToolContext) -> list[Any]:
    """Transfer several things."""
    return await request_approvals(tool_context, [partial(transfer, amount=amount) for amount in amounts])


async def agree(amount: int, teams: list[str], needs: str, tool_context: ToolContext) -> Any:
    """Transfer something when teams agree."""
    return await request_agreement(tool_context, partial(transfer, amount=amount), teams=teams, needs=needs)


@requires_approval(title="Tell the key of {name}", when=lambda name: name.startswith("gated"))
def key_of(name: str, tool_context: ToolContext) -> str:
    """Return the key that an effect would have."""
    return str(tool_context.function_call_id)


async def keys(names: list[str], tool_context: ToolContext) -> list[Any]:
    """Return the keys of calls that are made one by one, then together."""
    alone = [await request_approval(tool_context, partial(key_of, name=name)) for name in names]
    return alone + await request_approvals(tool_context, [partial(key_of, name=name) for name in names])


async def call_what_is_not_gated(tool_context: ToolContext) -> list[Any]:
    """Ask for what nobody can be asked for."""
    return await request_approvals(tool_context, [partial(break_off, why="because")])


async def note(name: str, value: str, tool_context: ToolContext) -> str:
    """Put something into the state."""
    tool_context.state[name] = value
    return "noted"


async def recall(names: list[str], tool_context: ToolContext) -> dict[str, str | None]:
    """Return what the state holds."""
    return {name: tool_context.state.get(name) for name in names}


class Amount(BaseModel):
    """An amount that is read by another name than it is written by."""

    euros: float = Field(default=0.0, validation_alias="amountEur")


@requires_approval(title="Pay it out")
def pay_out(amount: Amount) -> float:
    """Pay out an amount."""
    return amount.euros


class Pickup(BaseModel):
    """Where and when something is fetched."""

    address: str = Field(min_length=3)
    on: date
    parcels: int = Field(default=1, ge=1)

    @field_validator("on")
    @classmethod
    def _is_open(cls, day: date) -> date:
        if day.weekday() == 6:
            raise ValueError("nobody is there on a Sunday")
        return day
