"""A service that waits on an awakeable, with no line of ours in it: `python -m tests.engine.waiting_service PORT`."""

import asyncio
import sys
from datetime import timedelta
from typing import Any

import restate
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.serde import BytesSerde

from tests.engine.busy_service import busy
from tests.engine.keeping_service import counting, keeping, signing, talking
from tests.engine.odd_service import odd
from tests.engine.restless_service import restless

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


@waiting.handler()
async def wait_for_several(ctx: restate.ObjectContext) -> list[str]:
    """Note the ids of three awakeables, wait for all of them at once, and return what came."""
    waits = [ctx.awakeable(serde=BytesSerde()) for _ in range(3)]
    await ctx.run_typed("note the ids", lambda: [awakeable_id for awakeable_id, _ in waits])
    return [(await came).decode() for came in await restate.gather(*(came for _, came in waits))]


@waiting.handler()
async def announce_one(ctx: restate.ObjectContext) -> list[str]:
    """Announce one of two awakeables as an agent of ours does, and wait for both."""
    (told, first), (_, second) = ctx.awakeable(serde=BytesSerde()), ctx.awakeable(serde=BytesSerde())
    await ctx.run_typed("announce approval: pay", lambda: {"announcement_id": told, "request_id": 1, "url": ""})
    await ctx.run_typed("announce the news", lambda: "which is no announcement of ours")
    return [(await came).decode() for came in await restate.gather(first, second)]


@waiting.handler()
async def ask(ctx: restate.ObjectContext, wanted: dict[str, Any]) -> dict[str, Any]:
    """Wait for a JSON value and return it beside what was wanted."""
    _, came = ctx.awakeable(type_hint=Any)
    return {"wanted": wanted, "came": await came}


@waiting.handler(kind="shared")
async def look(ctx: restate.ObjectSharedContext) -> str:
    """Wait as well, and hold nobody up."""
    _, came = ctx.awakeable(serde=BytesSerde())
    return (await came).decode()


if __name__ == "__main__":
    config = Config()
    config.bind = [f"127.0.0.1:{sys.argv[1]}"]
    asyncio.run(serve(restate.app([waiting, restless, busy, keeping, counting, talking, signing, odd]), config))
