"""A page that does not read, on a real socket of a real server: it holds nobody up, and catches up or is let go."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, Final

import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from approvals.live import consumer
from approvals.live.consumer import LiveConsumer
from approvals.live.outbox import CHANGED
from approvals.live.viewers import VIEWERS, Viewer
from approvals.models import AgentService, Presence
from approvals.services.presence import OpenPage, close_page
from tests.announcing import announce
from tests.approvals.live.socket import connected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("listening")]

_SMALL: Final = 4096
_PATIENCE: Final = 20.0
_GREETING: Final = (
    "GET /live/{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.fixture
async def address(reviewer: User) -> AsyncIterator[tuple[str, int]]:
    """Where a server listens whose sockets hold little, and everybody is the reviewer."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SMALL)
    live: Any = LiveConsumer.as_asgi()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await live({**scope, "user": reviewer}, receive, send)

    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield listening.getsockname()
    server.should_exit = True
    await serving


class SlowPage:
    """A page that reads only when it is told to."""

    async def connect(self, address: tuple[str, int], query: str = "") -> Viewer:
        """Open its socket, and return what the server knows of it."""
        known = set(VIEWERS)
        bare = socket.socket()
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
        bare.setblocking(False)
        await asyncio.get_running_loop().sock_connect(bare, address)
        # With this limit the stream stops reading from the socket at once.
        self._reader, self._writer = await asyncio.open_connection(sock=bare, limit=1)
        self._writer.write(_GREETING.format(query=query).encode())
        await eventually(lambda: set(VIEWERS) - known)
        (viewer,) = set(VIEWERS) - known
        return viewer

    async def read_until(self, text: bytes) -> bytes:
        """Read on until ``text`` was heard."""
        heard = b""
        async with asyncio.timeout(_PATIENCE):
            while text not in heard:
                chunk = await self._reader.read(65_536)
                assert chunk, "the socket was closed"
                heard += chunk
        return heard

    async def close(self) -> None:
        """Leave."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


async def eventually(look: Callable[[], object]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not look():  # noqa: ASYNC110  # what is waited for is said nowhere
            await asyncio.sleep(0.01)


async def stuff(viewer: Viewer, full: Callable[[], object]) -> None:
    """Tell a page of change after change, as many at once as it holds, until it is ``full``."""
    number = 0
    async with asyncio.timeout(_PATIENCE):
        while not full():
            for _ in range(50):
                number += 1
                viewer.outbox.put((CHANGED, number))
            await asyncio.sleep(0)


@pytest.fixture
async def slow() -> AsyncIterator[SlowPage]:
    page = SlowPage()
    yield page
    await page.close()


async def test_it_holds_nobody_up_and_is_told_to_refresh_when_it_reads_again(
    address: tuple[str, int], agent_service: AgentService, reviewer: User, slow: SlowPage
) -> None:
    viewer = await slow.connect(address)
    # Nothing is taken out any more: what was put in first is still there.
    await stuff(viewer, lambda: len(viewer.outbox) >= 150)
    quick = await connected(reviewer)
    for _ in range(3):
        request = await sync_to_async(announce)(agent_service)
        assert await quick.heard() == {"changed": request.pk}
    for number in range(100_000, 101_000):
        viewer.outbox.put((CHANGED, number))
    assert len(viewer.outbox) == 1
    heard = await slow.read_until(b'{"refresh": true}')
    assert b'{"changed": 100999}' not in heard
    request = await sync_to_async(announce)(agent_service)
    assert await quick.heard() == {"changed": request.pk}
    await slow.read_until(b'{"changed": %d}' % request.pk)
    await quick.disconnect()


async def test_one_that_takes_nothing_for_long_counts_as_gone(
    address: tuple[str, int],
    agent_service: AgentService,
    reviewer: User,
    slow: SlowPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(consumer, "_PATIENCE", 0.2)
    closed: list[OpenPage] = []

    def close_and_tell(*, page: OpenPage) -> None:
        close_page(page=page)
        closed.append(page)

    monkeypatch.setattr(consumer, "close_page", close_and_tell)
    request = await sync_to_async(announce)(agent_service)
    viewer = await slow.connect(address, f"?request={request.pk}")
    await eventually(lambda: viewer.page)
    assert await Presence.objects.acount() == 1
    await stuff(viewer, lambda: not list(VIEWERS))
    await eventually(lambda: closed)
    assert not await Presence.objects.aexists()
