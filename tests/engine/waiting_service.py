"""A service that waits on an awakeable, with no line of ours in it: `python -m tests.engine.waiting_service PORT`."""

import asyncio
import sys
from datetime import timedelta

import restate
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.serde import BytesSerde

waiting = restate.VirtualObject("Waiting", inactivity_timeout=timedelta(seconds=0))


@waiting.handler()
async def wait(ctx: restate.ObjectContext) -> str:
    """Note the awakeable's id in the journal, wait, and return what came."""
    awakeable_id, came = ctx.awakeable(serde=BytesSerde())
    await ctx.run_typed("note the id", lambda: awakeable_id)
    return (await came).decode()


@waiting.handler()
async def wait_twice(ctx: restate.ObjectContext) -> str:
    """Wait once more after the first answer has come."""
    _, came = ctx.awakeable(serde=BytesSerde())
    await came
    _, came = ctx.awakeable(serde=BytesSerde())
    return (await came).decode()


if __name__ == "__main__":
    config = Config()
    config.bind = [f"127.0.0.1:{sys.argv[1]}"]
    asyncio.run(serve(restate.app([waiting]), config))
