"""The courier: its rounds, each in a thread of its own, until it is told to stop."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Final

from approvals.courier.rounds import Round, go_round

logger = logging.getLogger(__name__)

# How often it looks whether it should stop and whether every round lives, in seconds.
_SLICE: Final = 0.2
# What is still under way then is left: a lease runs out, and another courier or the next start takes it up.
_LAST_ORDERS: Final = 1.2


class Courier:
    """Keeps its rounds going."""

    def __init__(self, rounds: Sequence[Round]) -> None:
        self._rounds = rounds
        self._stopping = False

    def stop(self) -> None:
        """Finish what is under way, then leave `run`. Safe to call from a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Work until stopped; then return within two seconds, whatever the engine does."""
        threads = [self._start(work) for work in self._rounds]
        while not self._stopping:
            time.sleep(_SLICE)
            for place, work in enumerate(self._rounds):
                if not threads[place].is_alive() and not self._stopping:
                    logger.critical("%s has died, and is started again", work.name)
                    threads[place] = self._start(work)
        until = time.monotonic() + _LAST_ORDERS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _start(self, work: Round) -> threading.Thread:
        # A daemon, because a call to the engine may take longer than stopping does.
        thread = threading.Thread(
            target=go_round, args=(work, lambda: self._stopping), name=f"courier-{work.name}", daemon=True
        )
        thread.start()
        return thread
