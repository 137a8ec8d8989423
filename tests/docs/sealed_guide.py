"""The endpoint that docs/agents.md makes for sealed journals, by itself: ``python -m tests.docs.sealed_guide``."""

import asyncio
import os
import signal

from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.server import install_shutdown_hook

from agents.environment import Environment
from tests.docs.guide import example


async def _serve() -> None:
    # A server that waits for its connections would wait for Restate.
    install_shutdown_hook(asyncio.get_running_loop(), lambda: os._exit(0), signal.SIGTERM)
    config = Config()
    config.bind = [Environment.read().bind]
    await serve(example("app")["app"], config, shutdown_trigger=asyncio.Event().wait)


if __name__ == "__main__":
    asyncio.run(_serve())
