"""One socket a page: tells the viewer which requests changed, if they may see them."""

import logging
from typing import Any, Final

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser, User

from approvals.live.listener import VIEWERS, ensure_listening
from approvals.selectors.access import may_see

logger = logging.getLogger(__name__)

_SIGNED_OUT: Final = 4401


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Sends ``{"changed": <request id>}`` for a request that this viewer may see, ``{"engine": true}`` when Restate
    went away or came back, and ``{"refresh": true}`` when something may have been missed. It carries no content and
    takes no orders.
    """

    async def connect(self) -> None:
        """Accept a signed-in viewer."""
        user: User | AnonymousUser = self.scope["user"]
        if not user.is_authenticated:
            # Accepted first: a browser tells its page the close code of an accepted socket only.
            await self.accept()
            await self.close(_SIGNED_OUT)
            return
        ensure_listening()
        await get_channel_layer().group_add(VIEWERS, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        await get_channel_layer().group_discard(VIEWERS, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Ignore what the page says, whatever it is: writing is done by POST."""

    async def request_changed(self, event: dict[str, Any]) -> None:
        """Pass a change on, unless this viewer may not see the request."""
        if await may_see(self.scope["user"], event["request_id"]):
            await self.send_json({"changed": event["request_id"]})

    async def engine_changed(self, event: dict[str, Any]) -> None:
        """Restate went away or came back: everybody may know."""
        await self.send_json({"engine": True})

    async def viewers_refresh(self, event: dict[str, Any]) -> None:
        """Something may have been missed."""
        await self.send_json({"refresh": True})
