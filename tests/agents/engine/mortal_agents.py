"""The sample agents, in a process that kills itself with -9 before the journal's event of a given number.

``python -m tests.agents.engine.mortal_agents`` serves them and starts them anew as often as they die. ``MORTAL_FILE``
says when: while it holds a number, events are counted from when it was written. It is removed at death, so that a
process dies once. ``MORTAL_SERVES`` names a module with other ``SERVICES``.
"""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

from restate.vm import VMWrapper

from agents import log_lines, service
from agents.environment import Environment

ORDER: Final = Path(os.environ["MORTAL_FILE"])
#: What an agent tells its journal: a command, or what came of a step. Its effect is had by then, and not yet on record.
EVENTS: Final = [
    name
    for name in vars(VMWrapper)
    if name not in {"sys_input", "sys_cancel"} and name.startswith(("sys_", "propose_run_completion", "attach_"))
]


class Death:
    """Comes when enough events have been counted."""

    def __init__(self) -> None:
        self._order, self._seen = "", 0

    def draw_near(self) -> None:
        """Count an event."""
        try:
            order = ORDER.read_text()
        except FileNotFoundError:
            return
        self._seen = self._seen + 1 if order == self._order else 1
        self._order = order
        if order and self._seen == int(order):
            ORDER.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def make_mortal(name: str, death: Death) -> None:
    """Let death draw near before a method of the journal."""
    told: Callable[..., Any] = getattr(VMWrapper, name)

    def tell(self: VMWrapper, *args: Any, **kwargs: Any) -> Any:
        death.draw_near()
        return told(self, *args, **kwargs)

    setattr(VMWrapper, name, tell)


def live() -> None:
    """Serve until death."""
    log_lines.configure()
    if other := os.environ.get("MORTAL_SERVES"):
        service.SERVICES = importlib.import_module(other).SERVICES  # type: ignore[misc]
    death = Death()
    for name in EVENTS:
        make_mortal(name, death)
    asyncio.run(service.run(Environment.read()))


def live_again() -> None:
    """Serve, and again after each death, until told to stop. What takes long was imported before: a fork has it."""
    child = 0

    def stop(_number: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)
        sys.exit(0)

    while True:
        child = os.fork()
        if child == 0:
            live()
            os._exit(0)
        signal.signal(signal.SIGTERM, stop)
        os.waitpid(child, 0)


if __name__ == "__main__":
    live_again()
