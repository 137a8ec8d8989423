"""What keeps state, and what takes an input that has a schema."""

from datetime import timedelta
from typing import Any

import restate
from pydantic import BaseModel, Field

keeping = restate.VirtualObject("Keeping", inactivity_timeout=timedelta(seconds=0))
counting = restate.Service("Counting")
talking = restate.VirtualObject("Talking", inactivity_timeout=timedelta(seconds=0))
signing = restate.Workflow("Signing", inactivity_timeout=timedelta(seconds=0))


class Note(BaseModel):
    """Something to keep."""

    name: str = Field(min_length=1, max_length=40, description="Under which name.")
    value: int
    tags: list[str] = []


class Said(BaseModel):
    """Something that is said, as to an agent."""

    message: str = Field(min_length=1)
    user: str = "nobody"


@talking.handler()
async def ask(ctx: restate.ObjectContext, said: Said) -> None:
    """Remember what was said last."""
    ctx.set("last", [said.user, said.message])


@talking.handler()
async def wonder(ctx: restate.ObjectContext, said: Said) -> None:
    """Remember it as well, in another way."""
    ctx.set("wondered", [said.user, said.message])


@keeping.handler()
async def keep(ctx: restate.ObjectContext, note: Note) -> str:
    """Keep a value under a name."""
    ctx.set(note.name, note.value)
    return f"kept {note.name}"


@keeping.handler()
async def keep_all(ctx: restate.ObjectContext, kept: dict[str, Any]) -> None:
    """Keep values under their names, however large: more than the engine takes in one change from outside."""
    for name, value in kept.items():
        ctx.set(name, value)


@keeping.handler()
async def keep_later(ctx: restate.ObjectContext, note: Note) -> None:
    """Wait for somebody, and keep a value then."""
    _, came = ctx.awakeable(type_hint=str)
    await came
    ctx.set(note.name, note.value)


@counting.handler()
async def count(ctx: restate.Context, words: str) -> int:
    """Count the characters of a text."""
    return len(words)


@signing.main()
async def run(ctx: restate.WorkflowContext, said: Said) -> str:
    """Begin with what was said, once for each key."""
    ctx.set("said", said.message)
    return said.message


@signing.handler()
async def read(ctx: restate.WorkflowSharedContext, said: Said) -> str:
    """Repeat what was said last."""
    return said.message
