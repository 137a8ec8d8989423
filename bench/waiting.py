"""A service whose runs wait for ever, as cheaply as can be: ``python -m bench.waiting``."""

import asyncio
import os
from datetime import timedelta

import restate
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.serde import BytesSerde

patient = restate.Service("Patient", inactivity_timeout=timedelta(seconds=0))


@patient.handler()
async def wait(ctx: restate.Context) -> None:
    """Wait on an awakeable that nobody resolves."""
    _, came = ctx.awakeable(serde=BytesSerde())
    await came


if __name__ == "__main__":
    config = Config()
    config.bind = [os.environ["AGENTS_BIND"]]
    config.h2_max_concurrent_streams = 2_000
    asyncio.run(serve(restate.app([patient]), config))
