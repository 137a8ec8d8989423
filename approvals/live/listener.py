"""From PostgreSQL's NOTIFY to this process's viewers: one connection a process."""

import asyncio
import contextlib
import logging
from typing import Final

import psycopg
from channels.layers import get_channel_layer

from approvals.listening import listener_parameters
from approvals.notify import ENGINE, LIVE_CHANNEL

logger = logging.getLogger(__name__)

#: The channel layer's group of everybody connected to this process; each checks for itself what it may pass on.
VIEWERS: Final = "viewers"

_AFTER_TROUBLE: Final = 0.5
_listening = asyncio.Event()
_task: asyncio.Task[None] | None = None


def ensure_listening() -> None:
    """Start the process's listener with its first viewer, or again if it has died."""
    global _task, _listening
    if _task is None or _task.done():
        _listening = asyncio.Event()
        _task = asyncio.get_running_loop().create_task(_listen_forever(), name="live-listener")


async def wait_until_listening() -> None:
    """Wait until what is notified from now on will be heard."""
    await _listening.wait()


async def stop_listening() -> None:
    """Stop the listener, and wait until it has."""
    if _task is not None:
        _task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _task


async def _listen_forever() -> None:
    """Listen through restarts of PostgreSQL; what was notified meanwhile is lost, so everybody refreshes."""
    # Also true at the start: the first viewer has loaded its page before anybody listened.
    missed = True
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**listener_parameters()) as connection:
                await connection.execute(f"LISTEN {LIVE_CHANNEL}")
                _listening.set()
                if missed:
                    await get_channel_layer().group_send(VIEWERS, {"type": "viewers.refresh"})
                await _pass_on(connection)
        except psycopg.Error as error:
            logger.warning("PostgreSQL is away, live updates wait: %s", error)
        except Exception:
            logger.exception("the live listener failed and starts again")
        await asyncio.sleep(_AFTER_TROUBLE)


async def _pass_on(connection: psycopg.AsyncConnection[object]) -> None:
    layer = get_channel_layer()
    async for notification in connection.notifies():
        if notification.payload == ENGINE:
            await layer.group_send(VIEWERS, {"type": "engine.changed"})
        else:
            event = {"type": "request.changed", "request_id": int(notification.payload)}
            await layer.group_send(VIEWERS, event)
