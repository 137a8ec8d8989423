"""Runs that do all that a journal can hold, with a word in each payload that tests look for."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import restate
from restate.serde import BytesSerde

from tests.engine.restless_service import greet

busy = restate.VirtualObject("Busy", inactivity_timeout=timedelta(seconds=0))


@busy.handler()
async def everything(ctx: restate.ObjectContext, given: dict[str, Any]) -> dict[str, Any]:
    """Write the given word into each kind of entry, then wait for an awakeable."""
    word = given["word"]
    await ctx.get("notes")
    ctx.set("notes", {"state": word})
    await ctx.state_keys()
    await ctx.run_typed("look it up", lambda: {"step": word})
    await ctx.run_typed("some bytes", lambda: b"\x00\xff\xfe", restate.RunOptions(serde=BytesSerde()))
    await ctx.run_typed("a text", lambda: f"no JSON {word}".encode(), restate.RunOptions(serde=BytesSerde()))
    await ctx.sleep(timedelta(milliseconds=20))
    await ctx.object_call(greet, key=f"{ctx.key()}-called", arg=None)
    ctx.object_send(greet, key=f"{ctx.key()}-sent", arg=None)
    ctx.clear("notes")
    with suppress(restate.TerminalError):
        await ctx.run_typed("give up", _give_up)
    _, came = ctx.awakeable(serde=BytesSerde())
    await came
    return {"output": word}


def _give_up() -> None:
    raise restate.TerminalError("it gave up", 422)


@busy.handler()
async def delegate(ctx: restate.ObjectContext, depth: int) -> None:
    """Have runs within runs, the innermost of which waits."""
    if depth:
        await ctx.object_call(delegate, key=f"{ctx.key()}-{depth}", arg=depth - 1)
    else:
        _, came = ctx.awakeable(serde=BytesSerde())
        await came


@busy.handler()
async def count(ctx: restate.ObjectContext, number: int) -> None:
    """Write so many entries into the journal, then wait."""
    for place in range(number):
        ctx.set("place", place)
    _, came = ctx.awakeable(serde=BytesSerde())
    await came


@busy.handler()
async def stumble(ctx: restate.ObjectContext, given: int | None) -> None:
    """Take two steps, fail in the third with a text that is so much longer, and be tried again."""
    await ctx.run_typed("a first step", lambda: 1)
    await ctx.run_typed("a second step", lambda: 2)
    await ctx.run_typed("a step that stumbles", lambda: _stumble(given or 0))


def _stumble(longer: int) -> None:
    raise ValueError("no luck at all" + "!" * longer)


@busy.handler(
    invocation_retry_policy=restate.InvocationRetryPolicy(
        initial_interval=timedelta(milliseconds=50), max_attempts=3, on_max_attempts="pause"
    )
)
async def give_up(ctx: restate.ObjectContext, given: int | None) -> None:
    """Fail in a step with a text that is so much longer, until the engine pauses the run."""
    await ctx.run_typed("a step that stumbles", lambda: _stumble(given or 0))


@busy.handler()
async def fail_at_length(ctx: restate.ObjectContext, given: int) -> None:
    """Fail in a step, and for good, with a text of so many characters."""
    await ctx.run_typed("a step that fails", lambda: _fail(given))


def _fail(length: int) -> None:
    raise restate.TerminalError("!" * length)
