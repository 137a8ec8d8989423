"""Hundreds of open pages in one process: ``python -m bench.live_pages websocket|line``, told by `bench.live` on stdin.

It prints ``open`` when all sockets are, and once it reads another line, as JSON, which page heard of what and when.
"""

import asyncio
import json
import sys
import time
from typing import Any, Final

import wsproto
from wsproto.events import AcceptConnection, CloseConnection, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

# So many open at once: a browser opens one, and five hundred at one instant are another measurement.
_AT_ONCE: Final = 20
_CHANGED: Final = "changed"


class WebSocketPage(asyncio.Protocol):
    """A page's socket, by the same protocol as a browser's."""

    def __init__(self, number: int, session: str, port: int, heard: list[tuple[int, int, float]]) -> None:
        """Make page ``number`` of somebody signed in; what it hears is added to ``heard``."""
        self._number, self._session, self._port, self._heard = number, session, port, heard
        self._connection = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        host = f"127.0.0.1:{self._port}"
        headers = [(b"cookie", f"sessionid={self._session}".encode()), (b"origin", f"http://{host}".encode())]
        wish = Request(host=host, target="/live/", extra_headers=headers, extensions=[PerMessageDeflate()])
        transport.write(self._connection.send(wish))

    def data_received(self, data: bytes) -> None:
        """Note what was said, and when."""
        now = time.time()
        self._connection.receive_data(data)
        for event in self._connection.events():
            if isinstance(event, AcceptConnection):
                self.opened.set_result(None)
            elif isinstance(event, TextMessage) and _CHANGED in (said := json.loads(event.data)):
                self._heard.append((self._number, said[_CHANGED], now))
            elif isinstance(event, CloseConnection):
                # Signed out, say: then nobody would be told anything, and outsiders as little as they should be.
                sys.exit(f"The inbox closed page {self._number} with {event.code}.")
            elif isinstance(event, wsproto.events.Ping):
                self._transport.write(self._connection.send(event.response()))


class LinePage(asyncio.Protocol):
    """A bare socket that hears lines."""

    def __init__(self, number: int, session: str, port: int, heard: list[tuple[int, int, float]]) -> None:
        """Make it; it has no session."""
        self._number, self._heard = number, heard
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say what kind of connection this is."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"LISTEN\n")
        self.opened.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Note what was said, and when."""
        now = time.time()
        self._heard.extend((self._number, int(line), now) for line in data.split())


async def main(kind: str, told: dict[str, Any]) -> None:
    """Open the sockets, wait for a line, and print what was heard."""
    page = WebSocketPage if kind == "websocket" else LinePage
    heard: dict[str, list[tuple[int, int, float]]] = {"readers": [], "outsiders": [], "deaf": []}
    loop, few = asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)

    async def open_page(crowd: str, number: int, session: str) -> asyncio.BaseTransport:
        async with few:
            transport, protocol = await loop.create_connection(
                lambda: page(number, session, told["port"], heard[crowd]), "127.0.0.1", told["port"]
            )
            await protocol.opened
            return transport

    crowds = {crowd: list(enumerate(told[crowd])) for crowd in heard}
    opened = {crowd: await asyncio.gather(*(open_page(crowd, *who) for who in crowds[crowd])) for crowd in heard}
    for transport in opened["deaf"]:
        transport.pause_reading()  # type: ignore[attr-defined]  # it is a socket's
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.stdin.readline())))
