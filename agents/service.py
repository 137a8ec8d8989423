"""The services of this process, and how they are served: HTTP/2, for Restate alone."""

import asyncio
import logging
import signal
from typing import Final

import restate
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.server import install_shutdown_hook

from agents.approval.errors import ConfigurationError
from agents.approval.sealing import journal_codec
from agents.claims.agent import claims
from agents.dispute.agent import dispute
from agents.dispute.specialists import evidence, fraud, policy
from agents.environment import Environment
from agents.identity import tell_who_may_call
from agents.payables.agent import payables
from agents.travel.agent import travel
from agents.weather.agent import weather

log = logging.getLogger("agents")
SERVICES: Final[tuple[restate.VirtualObject | restate.Service, ...]] = (
    weather,
    claims,
    travel,
    payables,
    dispute,
    policy,
    evidence,
    fraud,
)
# Time for steps in progress to end. What waits for a person never does, and loses nothing when it is cut off.
_GRACE_SECONDS: Final = 0.3


async def run(environment: Environment) -> None:
    """Serve until SIGTERM or SIGINT; runs in progress go on after the next start, or in another process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # The SDK takes SIGTERM for itself at the first request; its hook is the way to share it.
    install_shutdown_hook(loop, stop.set, signal.SIGTERM)
    install_shutdown_hook(loop, stop.set, signal.SIGINT)
    services = chosen(environment)
    log.info("serving", extra={"bind": environment.bind, "services": [service.name for service in services]})
    tell_who_may_call(environment.identity_keys, environment.bind)

    async def stopped() -> None:
        await stop.wait()

    app = restate.app(
        services=services, identity_keys=list(environment.identity_keys), journal_value_codec=journal_codec()
    )
    serving = asyncio.create_task(serve(app, _hypercorn(environment), shutdown_trigger=stopped))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({serving}, timeout=_GRACE_SECONDS)
    await _cut_off()
    log.info("stopped")
    if serving.done() and not serving.cancelled():
        serving.result()


def chosen(environment: Environment) -> list[restate.VirtualObject | restate.Service]:
    """Return the services that the environment names.

    Raises:
        ConfigurationError: it names one that there is not.
    """
    known = {service.name for service in SERVICES}
    if unknown := sorted(environment.services - known):
        raise ConfigurationError(f"AGENTS_SERVICES: {unknown[0]!r} is none of {', '.join(sorted(known))}")
    return [service for service in SERVICES if not environment.services or service.name in environment.services]


async def _cut_off() -> None:
    """End every task that is left, within half a second.

    Since Python 3.12 closing a server waits for its connections, and Restate keeps its own open; and the SDK answers
    a first cancellation by waiting for the other side to close, so one is not enough. What the libraries below
    make of being cut off is no news.
    """
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    for _ in range(5):
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        if not rest:
            return
        for task in rest:
            task.cancel()
        await asyncio.wait(rest, timeout=0.1)


def _hypercorn(environment: Environment) -> Config:
    config = Config()
    config.bind = [environment.bind]
    # Every run in progress is one stream of one connection.
    config.h2_max_concurrent_streams = 10_000
    config.graceful_timeout = _GRACE_SECONDS
    config.errorlog = logging.getLogger("hypercorn.error")
    return config
