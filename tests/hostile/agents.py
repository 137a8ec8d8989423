"""An agent that announces what it is told to and waits, with no line of ours in it: ``python -m tests.hostile.agents``.

It sends what our own library would refuse to, and does with the decision what an attacker would: nothing.
"""

import asyncio
import os
from datetime import timedelta
from typing import Any

import httpx
import restate
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.serde import BytesSerde

hostile = restate.Service("Hostile", inactivity_timeout=timedelta(seconds=0))


@hostile.handler()
async def ask(ctx: restate.Context, wanted: dict[str, Any]) -> str:
    """Announce ``wanted`` as a request of this run, wait for the decision, and return the token that came."""
    awakeable_id, came = ctx.awakeable(serde=BytesSerde())
    run = {**wanted["run"], "invocation_id": ctx.request().id}
    await ctx.run_typed("announce", _announce, awakeable_id=awakeable_id, wanted={**wanted, "run": run})
    return (await came).decode()


async def _announce(awakeable_id: str, wanted: dict[str, Any]) -> int:
    headers = {"authorization": f"Bearer {os.environ['COUNTERSIGN_AGENT_TOKEN']}"}
    url = f"{os.environ['COUNTERSIGN_PUBLIC_URL']}/api/requests/{awakeable_id}"
    async with httpx.AsyncClient(trust_env=False, timeout=30) as inbox:
        answer = await inbox.put(url, json=wanted, headers=headers)
    if answer.status_code != httpx.codes.CREATED:
        raise restate.TerminalError(answer.text[:1_000])
    return int(answer.json()["request_id"])


if __name__ == "__main__":
    config = Config()
    config.bind = [os.environ["AGENTS_BIND"]]
    asyncio.run(serve(restate.app([hostile]), config))
