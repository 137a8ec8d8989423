"""Runs in every other state than waiting for a person: asleep, calling, failing, ended."""

from datetime import timedelta

import restate

restless = restate.VirtualObject("Restless", inactivity_timeout=timedelta(seconds=0))


@restless.handler()
async def nap(ctx: restate.ObjectContext) -> None:
    """Sleep for an hour."""
    await ctx.sleep(timedelta(hours=1))


@restless.handler()
async def call(ctx: restate.ObjectContext) -> None:
    """Call another run, and wait for it."""
    await ctx.object_call(nap, key=f"{ctx.key()}-called", arg=None)


@restless.handler()
async def fail(ctx: restate.ObjectContext) -> None:
    """Fail, and be tried again."""
    raise ValueError(f"no luck with {ctx.key()}")


_tries: dict[str, int] = {}


@restless.handler()
async def stumble_on(ctx: restate.ObjectContext) -> None:
    """Fail three times, then return."""
    _tries[ctx.key()] = _tries.get(ctx.key(), 0) + 1
    if _tries[ctx.key()] <= 3:
        raise ValueError("not yet")


@restless.handler()
async def end(ctx: restate.ObjectContext) -> None:
    """Fail for good."""
    raise restate.TerminalError("it is over", 500)


@restless.handler()
async def greet(ctx: restate.ObjectContext) -> str:
    """Return at once."""
    return f"hello {ctx.key()}"
