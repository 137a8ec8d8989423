"""A few threads for work that waits for the engine."""

import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Final

from django.db import connection

type Job = Callable[[], None]


class Crew:
    """Carries out several jobs at once. Unlike an executor's, its threads never keep the process from ending."""

    def __init__(self, size: int) -> None:
        """Start ``size`` threads."""
        self._jobs: Final = SimpleQueue[tuple[Job, threading.Semaphore]]()
        for _ in range(size):
            threading.Thread(target=self._work, name="courier-crew", daemon=True).start()

    def do_all(self, jobs: Sequence[Job]) -> None:
        """Return when all ``jobs`` are done. They must not raise."""
        done = threading.Semaphore(0)
        for job in jobs:
            self._jobs.put((job, done))
        for _ in jobs:
            done.acquire()

    def _work(self) -> None:
        while True:
            job, done = self._jobs.get()
            try:
                job()
            finally:
                try:
                    # Back into the pool: the next job may be hours away.
                    connection.close()
                finally:
                    done.release()
