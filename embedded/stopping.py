"""Ctrl-C and SIGTERM, noticed at safe points only, so that no process is started and then forgotten."""

import signal
import time
from types import FrameType

_requested = False


class Stop(BaseException):
    """Someone asked us to stop."""


def notice_signals() -> None:
    """From now on Ctrl-C and SIGTERM only make the next `pause` raise."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _request)


def ignore_signals() -> None:
    """From now on they do nothing: we are stopping already."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _request(number: int, frame: FrameType | None) -> None:
    global _requested
    _requested = True


def pause(seconds: float) -> None:
    """Wait for a moment.

    Raises:
        Stop: someone asked us to stop, before or meanwhile.
    """
    deadline = time.monotonic() + seconds
    while True:
        if _requested:
            raise Stop
        left = deadline - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 0.1))
