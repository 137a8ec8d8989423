"""The smallest program that tells many sockets: ``python -m bench.broadcast <port>``.

Who says ``LISTEN`` hears every line; who says ``PUT /<line>`` has it told to all, and is answered when that is done.
"""

import asyncio
import sys


class Broadcast(asyncio.Protocol):
    """One connection, of either kind."""

    listening: set[asyncio.Transport] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for what it says."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep a listener, or tell them all."""
        verb, *rest = data.split()
        if verb == b"LISTEN":
            self.listening.add(self._transport)
        elif verb == b"PUT":
            for transport in self.listening:
                transport.write(rest[0].removeprefix(b"/") + b"\n")
            self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a listener."""
        self.listening.discard(self._transport)


async def main(port: int) -> None:
    """Serve for ever."""
    server = await asyncio.get_running_loop().create_server(Broadcast, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
