"""Other code for the waiting service: `python -m tests.engine.newer_service PORT newer|other-kind|all|same [FILE]`.

``newer`` has another handler and lacks several, brings a service of its own, and lacks the restless one; ``other-kind``
is no virtual object; ``all`` serves what `tests.engine.waiting_service` does, with one step more before the wait, and
fewer handlers; ``same`` serves just the same. With a file of public keys, calls have to be signed with one of them.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import restate
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.serde import BytesSerde

from tests.engine.busy_service import busy
from tests.engine.keeping_service import counting, keeping, signing, talking
from tests.engine.odd_service import odd
from tests.engine.restless_service import restless
from tests.engine.waiting_service import waiting as same

type Served = list[restate.Service | restate.VirtualObject | restate.Workflow]

waiting = restate.VirtualObject("Waiting", inactivity_timeout=timedelta(seconds=0))
other_kind = restate.Service("Waiting")
fresh = restate.Service("Fresh")


@waiting.handler()
async def wait(ctx: restate.ObjectContext) -> str:
    """Take a step that the older code does not take, and then do as it does."""
    await ctx.run_typed("another step", lambda: "taken")
    awakeable_id, came = ctx.awakeable(serde=BytesSerde())
    await ctx.run_typed("note the id", lambda: awakeable_id)
    return "newer " + (await came).decode()


@waiting.handler()
async def hurry(ctx: restate.ObjectContext) -> None:
    """Be new."""


@waiting.handler(kind="shared")
async def look(ctx: restate.ObjectSharedContext) -> str:
    """Wait without a step before it."""
    _, came = ctx.awakeable(serde=BytesSerde())
    return "newer " + (await came).decode()


@fresh.handler()
async def greet(ctx: restate.Context) -> str:
    """Return at once."""
    return "hello"


@other_kind.handler("wait")
async def wait_as_service(ctx: restate.Context) -> None:
    """Be no virtual object."""


UNCHANGED: Served = [busy, keeping, counting, talking, signing, odd]
SERVED: dict[str, Served] = {
    "newer": [waiting, fresh, *UNCHANGED],
    "other-kind": [other_kind],
    "same": [same, restless, *UNCHANGED],
    "all": [waiting, restless, *UNCHANGED],
}

if __name__ == "__main__":
    config = Config()
    config.bind = [f"127.0.0.1:{sys.argv[1]}"]
    keys = [key for file in sys.argv[3:] for key in Path(file).read_text().split()]
    asyncio.run(serve(restate.app(SERVED[sys.argv[2]], identity_keys=keys), config))
