"""What a process does for its viewers: it listens to PostgreSQL's NOTIFY on one connection, tells them, renews them."""

import asyncio
import contextlib
import logging
from typing import Final

import psycopg

from approvals.listening import listener_parameters
from approvals.live.caretaker import renew_for_ever
from approvals.live.dispatcher import Dispatcher
from approvals.live.outbox import CHANGED, ENGINE, LOOKING, REFRESH
from approvals.live.viewers import VIEWERS
from approvals.notify import ENGINE as ENGINE_RANG
from approvals.notify import LIVE_CHANNEL
from approvals.notify import LOOKING as LOOKING_RANG

logger = logging.getLogger(__name__)

_AFTER_TROUBLE: Final = 0.5
_listening = asyncio.Event()
_task: asyncio.Task[None] | None = None


def ensure_listening() -> None:
    """Start the process's listener with its first viewer, or again if it has died."""
    global _task, _listening
    if _task is None or _task.done():
        _listening = asyncio.Event()
        _task = asyncio.get_running_loop().create_task(_serve_viewers(), name="live-listener")


async def wait_until_listening() -> None:
    """Wait until what is notified from now on will be heard."""
    await _listening.wait()


async def stop_listening() -> None:
    """Stop the listener, and wait until it has."""
    if _task is not None:
        _task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _task


async def _serve_viewers() -> None:
    dispatcher = Dispatcher(VIEWERS)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(dispatcher.run())
        tasks.create_task(renew_for_ever(VIEWERS))
        tasks.create_task(_listen_forever(dispatcher))


async def _listen_forever(dispatcher: Dispatcher) -> None:
    """Listen through restarts of PostgreSQL; what was notified meanwhile is lost, so everybody refreshes."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**listener_parameters()) as connection:
                await connection.execute(f"LISTEN {LIVE_CHANNEL}")
                _listening.set()
                # Also at the start: the first viewer has loaded its page before anybody listened.
                VIEWERS.tell_all(REFRESH)
                await _pass_on(connection, dispatcher)
        except psycopg.Error as error:
            logger.warning("PostgreSQL is away, live updates wait: %s", error)
        except Exception:
            logger.exception("the live listener failed and starts again")
        await asyncio.sleep(_AFTER_TROUBLE)


async def _pass_on(connection: psycopg.AsyncConnection[object], dispatcher: Dispatcher) -> None:
    async for notification in connection.notifies():
        said = notification.payload
        if said == ENGINE_RANG:
            VIEWERS.tell_all(ENGINE)
        elif said.startswith(LOOKING_RANG):
            dispatcher.note(LOOKING, int(said.removeprefix(LOOKING_RANG)))
        else:
            dispatcher.note(CHANGED, int(said))
