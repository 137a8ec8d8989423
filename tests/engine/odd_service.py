"""Runs whose journals hold whatever a test wants, as those of code that nobody here has written may."""

from datetime import timedelta

import restate
from restate.serde import BytesSerde

odd = restate.VirtualObject("Odd", inactivity_timeout=timedelta(seconds=0))


@odd.handler()
async def journal(ctx: restate.ObjectContext, steps: list[tuple[str, str]]) -> None:
    """Take steps of these names with these results, byte for byte, and wait."""
    for name, result in steps:
        await ctx.run_typed(name, result.encode, restate.RunOptions(serde=BytesSerde()))
    _, came = ctx.awakeable(serde=BytesSerde())
    await came


@odd.handler(input_serde=BytesSerde())
async def take(ctx: restate.ObjectContext, given: bytes) -> None:
    """Wait, whatever was given."""
    _, came = ctx.awakeable(serde=BytesSerde())
    await came
