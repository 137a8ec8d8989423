"""A page's socket, by asgiref's own communicator: channels' would need a second web server to be installed."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import AnonymousUser, User

from approvals.live.consumer import LiveConsumer

# Seconds: generous, because machines are shared.
_PATIENCE = 10


class Socket:
    """A connected socket of somebody's."""

    def __init__(self, user: User | AnonymousUser, query: str = "") -> None:
        """Prepare it; `connect` opens it."""
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": "/live/",
            "query_string": query.encode(),
            "headers": [],
            "subprotocols": [],
            "user": user,
        }
        # asgiref has no types for its testing module.
        self._wire: Any = ApplicationCommunicator(LiveConsumer.as_asgi(), scope)  # type: ignore[no-untyped-call]

    async def connect(self) -> None:
        """Open it."""
        await self._wire.send_input({"type": "websocket.connect"})
        assert (await self._wire.receive_output(_PATIENCE))["type"] == "websocket.accept"

    async def heard(self) -> Any:
        """Return the next message."""
        return json.loads((await self._wire.receive_output(_PATIENCE))["text"])

    async def closed_with(self) -> int:
        """Return the code that the server closes it with."""
        return int((await self._wire.receive_output(_PATIENCE))["code"])

    async def hears_nothing(self) -> bool:
        """Tell whether nothing comes for a moment."""
        return bool(await self._wire.receive_nothing(timeout=0.1))

    async def say(self, text: str) -> None:
        """Send something to the server."""
        await self._wire.send_input({"type": "websocket.receive", "text": text})

    async def disconnect(self) -> None:
        """Close it."""
        await self._wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._wire.wait(_PATIENCE)


async def connected(user: User | AnonymousUser, query: str = "") -> Socket:
    """Return an open socket of somebody's."""
    socket = Socket(user, query)
    await socket.connect()
    return socket
