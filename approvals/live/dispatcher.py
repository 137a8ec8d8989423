"""From what was notified to the pages that may know of it: a few queries a burst, however many pages there are."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Final

from channels.db import database_sync_to_async

from approvals.live.outbox import CHANGED, LOOKING, REFRESH, Message
from approvals.live.viewers import Viewers
from approvals.selectors.audience import audience_of

logger = logging.getLogger(__name__)

#: Seconds: what is notified within them is asked about together.
_TOGETHER: Final = 0.03


class Dispatcher:
    """Collects what changed, asks who may see it, and puts it in their outboxes. It never waits for a page."""

    def __init__(self, viewers: Viewers) -> None:
        """Make one for these viewers."""
        self._viewers = viewers
        self._due: dict[Message, None] = {}
        self._rung = asyncio.Event()

    def note(self, kind: str, request_id: int) -> None:
        """Note that a request has `CHANGED`, or who is `LOOKING` at it."""
        self._due[kind, request_id] = None
        self._rung.set()

    async def run(self) -> None:
        """Tell whoever may know, burst by burst, for ever."""
        while True:
            await self._rung.wait()
            await asyncio.sleep(_TOGETHER)
            self._rung.clear()
            due, self._due = self._due, {}
            try:
                await self._tell(due)
            except Exception:
                # Who may know can't be found out, so all are told the one thing that gives nothing away.
                logger.exception("changes could not be told one by one, pages refresh")
                self._viewers.tell_all(REFRESH)

    async def _tell(self, due: Collection[Message]) -> None:
        looked_at = {viewer.page.request_id for viewer in self._viewers if viewer.page}
        needed = [(kind, request_id) for kind, request_id in due if kind == CHANGED or request_id in looked_at]
        audience = await _ask({request_id for _, request_id in needed}, self._viewers.user_ids)
        for kind, request_id in needed:
            for user_id in audience.get(request_id, ()):
                self._tell_person(user_id, kind, request_id)

    def _tell_person(self, user_id: int, kind: str, request_id: int) -> None:
        for viewer in self._viewers.of(user_id):
            if kind != LOOKING or (viewer.page and viewer.page.request_id == request_id):
                viewer.outbox.put((kind, request_id))


async def _ask(request_ids: Collection[int], user_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    # In a thread of its own: the one that all sockets share is busy when many pages connect at once.
    ask = database_sync_to_async(audience_of, thread_sensitive=False)
    audience: Mapping[int, frozenset[int]] = await ask(request_ids, user_ids)
    return audience
