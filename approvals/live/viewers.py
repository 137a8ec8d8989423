"""The pages that are connected to this process."""

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client import Gauge

from approvals.live.outbox import Message, Outbox
from approvals.services.presence import OpenPage


@dataclass(eq=False, slots=True)
class Viewer:
    """One connected page.

    Attributes:
        socket: names the connection, everywhere and for ever.
        page: the request that it shows, once that is noted; None on any other page.
        speaking: what sends the outbox's messages.
    """

    user_id: int
    outbox: Outbox = field(default_factory=Outbox)
    socket: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    page: OpenPage | None = None
    speaking: asyncio.Task[None] | None = None

    def hang_up(self) -> None:
        """Stop sending."""
        if self.speaking:
            self.speaking.cancel()


class Viewers:
    """All of them, by person."""

    def __init__(self) -> None:
        """Make it empty."""
        self._by_user: dict[int, set[Viewer]] = {}

    def __iter__(self) -> Iterator[Viewer]:
        """Go over every page."""
        for viewers in self._by_user.values():
            yield from viewers

    @property
    def user_ids(self) -> list[int]:
        """Whose pages are connected."""
        return list(self._by_user)

    @property
    def number(self) -> int:
        """How many pages are connected. Safe to ask from any thread."""
        return sum(len(viewers) for viewers in list(self._by_user.values()))

    def of(self, user_id: int) -> set[Viewer]:
        """Return the pages of one person."""
        return self._by_user.get(user_id, set())

    def add(self, viewer: Viewer) -> None:
        """Add a page that has connected."""
        self._by_user.setdefault(viewer.user_id, set()).add(viewer)

    def remove(self, viewer: Viewer) -> None:
        """Forget a page that has left, if that was not done before."""
        viewers = self.of(viewer.user_id)
        viewers.discard(viewer)
        if not viewers:
            self._by_user.pop(viewer.user_id, None)

    def tell_all(self, message: Message) -> None:
        """Tell every page what anybody may know."""
        for viewer in self:
            viewer.outbox.put(message)


#: Those of this process.
VIEWERS = Viewers()
Gauge("countersign_websockets", "Pages that are connected.").set_function(lambda: VIEWERS.number)
