"""One socket a page: tells the viewer which requests changed, if they may see them."""

import asyncio
import contextlib
import logging
from typing import Any, Final
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError
from django.utils import timezone

from approvals.live.listener import ensure_listening
from approvals.live.missed import missed_since
from approvals.live.outbox import LOOKING
from approvals.live.viewers import VIEWERS, Viewer
from approvals.services.presence import OpenPage, close_page, open_page

logger = logging.getLogger(__name__)

_SIGNED_OUT: Final = 4401
_TOO_SLOW: Final = 4408
# Seconds that a page may take nothing before it counts as gone.
_PATIENCE: Final = 30.0
# More digits than an id has room for are none.
_DIGITS: Final = 18


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Sends ``{"changed": <request id>}`` for a request that this viewer may see, ``{"looking": <request id>}`` when
    somebody opened or left the request that this page shows, ``{"engine": true}`` when Restate went away or came back,
    and ``{"refresh": true}`` when something may have been missed. It carries no content and takes no orders.

    A page of a request connects with ``?request=<id>``: as long as it is open, others see that somebody looks. A page
    that has just been made connects with ``?since=<seconds>``, and is told what it may have missed.
    """

    _viewer: Viewer | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one socket to its end, whatever that is."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._viewer:
                self._viewer.hang_up()
                await _forget(self._viewer)

    async def connect(self) -> None:
        """Accept a signed-in viewer."""
        user: User | AnonymousUser = self.scope["user"]
        if not user.is_authenticated:
            # Accepted first: a browser tells its page the close code of an accepted socket only.
            await self.accept()
            await self.close(_SIGNED_OUT)
            return
        ensure_listening()
        self._viewer = viewer = Viewer(user.pk)
        VIEWERS.add(viewer)
        await self.accept()
        viewer.speaking = asyncio.create_task(self._speak(viewer))
        made_at = _number("since", self.scope["query_string"])
        for message in () if made_at is None else await missed_since(made_at, user.pk):
            viewer.outbox.put(message)
        request_id = _number("request", self.scope["query_string"])
        if request_id is not None:
            await _note_page(viewer, user, request_id)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Ignore what the page says, whatever it is: writing is done by POST."""

    async def _speak(self, viewer: Viewer) -> None:
        """Send what is due. Only this waits for the page, and nobody waits for this."""
        # OSError: the page has gone. RuntimeError: the server is just closing its socket.
        with contextlib.suppress(OSError, RuntimeError):
            if not await self._tell_all_that_is_due(viewer):
                await _forget(viewer)
                # Reaches the page when it reads again: it then connects anew, and asks for everything.
                await self.close(_TOO_SLOW)

    async def _tell_all_that_is_due(self, viewer: Viewer) -> bool:
        """Send for ever; False when the page took nothing for too long."""
        while True:
            kind, value = await viewer.outbox.next()
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self.send_json({kind: value})
            except TimeoutError:
                return False


def _number(name: str, query: bytes) -> int | None:
    """Return the number of this name in an address; None for anything else."""
    wanted = parse_qs(query.decode("latin-1")).get(name, [""])[0]
    return int(wanted) if wanted.isdecimal() and len(wanted) <= _DIGITS else None


async def _note_page(viewer: Viewer, user: User, request_id: int) -> None:
    note = database_sync_to_async(open_page)
    try:
        noted = await note(user=user, request_id=request_id, socket=viewer.socket, at=timezone.now())
    except DatabaseError as error:
        logger.warning("an open page could not be noted: %s", error)
        return
    if noted:
        viewer.page = OpenPage(socket=viewer.socket, request_id=request_id, user_id=viewer.user_id)
        # Who came while this was noted was told to nobody here.
        viewer.outbox.put((LOOKING, request_id))


async def _forget(viewer: Viewer) -> None:
    VIEWERS.remove(viewer)
    page, viewer.page = viewer.page, None
    if page is None:
        return
    try:
        await database_sync_to_async(close_page)(page=page)
    except DatabaseError as error:
        logger.warning("a page that was closed could not be noted, it goes stale: %s", error)
