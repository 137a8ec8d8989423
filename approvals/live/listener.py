"""From PostgreSQL's NOTIFY to this process's viewers: one connection a process."""

import asyncio
import logging
from typing import Final

import psycopg
from channels.layers import get_channel_layer

from approvals.listening import listener_parameters
from approvals.notify import LIVE_CHANNEL

logger = logging.getLogger(__name__)

_AFTER_TROUBLE: Final = 0.5
_task: asyncio.Task[None] | None = None


def ensure_listening() -> None:
    """Start the process's listener with its first viewer, or again if it has died."""
    global _task
    if _task is None or _task.done():
        _task = asyncio.get_running_loop().create_task(_listen_forever(), name="live-listener")


async def _listen_forever() -> None:
    """Listen through restarts of PostgreSQL; what was notified meanwhile is lost, so everybody refreshes."""
    missed = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**listener_parameters()) as connection:
                await connection.execute(f"LISTEN {LIVE_CHANNEL}")
                if missed:
                    await get_channel_layer().group_send("viewers", {"type": "viewers.refresh"})
                await _pass_on(connection)
        except psycopg.Error as error:
            logger.warning("PostgreSQL is away, live updates wait: %s", error)
        missed = True
        await asyncio.sleep(_AFTER_TROUBLE)


async def _pass_on(connection: psycopg.AsyncConnection[object]) -> None:
    layer = get_channel_layer()
    async for notification in connection.notifies():
        event = {"type": "request.changed", "request_id": int(notification.payload)}
        await layer.group_send("viewers", event)
