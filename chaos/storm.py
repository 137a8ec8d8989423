"""A storm: everybody works while everything is killed; then peace, and the count."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

import httpx
import psycopg

from chaos.asking import Askers, messages
from chaos.diary import Diary
from chaos.evidence import gathered
from chaos.facts import Facts
from chaos.forging import Forger
from chaos.killing import Killer
from chaos.options import Options
from chaos.reviewing import Pair
from chaos.stuck import stuck
from restate_bridge.errors import BridgeError
from tests.house.house import House, eventually
from tests.house.people import Person, invite

#: How long everything may take to come to rest after the last message, decision or kill, in seconds. The courier looks
#: at a run again after a minute at most, and a lease of one that was killed runs out after half a minute.
REST: Final = 180.0
_ASKERS: Final = 3
_PAIRS: Final = 3
# Messages are sent within this part of the time, so that the last ones are under fire too.
_ASKING: Final = 0.95
_LOOK: Final = 1.0
# How long a pair of reviewers lets pass between two decisions at most, in seconds.
_LONGEST_THOUGHT: Final = 3.0

#: Called about once a second with a line's worth of news.
type Progress = Callable[[Diary, str], None]


@dataclass(frozen=True)
class Storm:
    """A storm over a house that is up, with an even number of people who decide."""

    house: House
    people: Sequence[Person]
    options: Options
    diary: Diary
    progress: Progress

    def rage(self) -> Facts:
        """Let it rage, wait for rest, and return the facts.

        Raises:
            SetupError: a process could not be started again.
        """
        over = threading.Event()
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(thread_name_prefix="chaos", max_workers=32))
            # Whatever ends this block ends the threads first, or the pool would wait for them for ever.
            stack.callback(over.set)
            workers = self._begun(pool, over)
            killing, seconds = workers[0], self.options.minutes * 60
            self._watch(workers, killing.done, lambda: f"kills, {max(0, seconds - self.diary.seconds):.0f} s left")
            self._watch(workers, self._is_over, lambda: f"nothing new for {self.diary.quiet_seconds:.0f} s")
        # A cluster whose last node has just come back fails some queries until its nodes have found each other.
        facts = eventually(lambda: self._gathered(with_answers=True), what="the facts")
        assert facts is not None
        return facts

    def _begun(self, pool: ThreadPoolExecutor, over: threading.Event) -> list[Future[None]]:
        seconds, seed = self.options.minutes * 60, self.options.seed
        house, diary = self.house, self.diary
        ingresses = [server.ingress_url for server in house.engine.values()]
        askers = Askers(ingresses, messages(self.options.requests, seconds * _ASKING, seed), diary, over)
        undo = float(house.env["COUNTERSIGN_UNDO_SECONDS"])
        killer = Killer(house.processes, set(house.engine), undo, diary, f"{seed}-killer")
        forger = Forger(ingresses, house.rows, diary, f"{seed}-forger")
        # However many requests there are, the reviewers keep up with them.
        thinking = min(_LONGEST_THOUGHT, seconds / self.options.requests)
        pairs = [
            Pair(people, thinking, undo, diary, f"{seed}-{people[0].username}")
            for people in zip(self.people[::2], self.people[1::2], strict=True)
        ]
        calm = threading.Event()
        killing = pool.submit(killer.work, seconds, over)
        killing.add_done_callback(lambda _: calm.set())
        return [
            killing,
            pool.submit(forger.work, calm),
            *(pool.submit(askers.work, f"{seed}-asker-{number}") for number in range(_ASKERS)),
            *(pool.submit(pair.work, over) for pair in pairs),
        ]

    def _watch(self, workers: list[Future[None]], done: Callable[[], bool], doing: Callable[[], str]) -> None:
        while not done():
            for future in workers:
                if future.done():
                    future.result()
            self.progress(self.diary, doing())
            time.sleep(_LOOK)
        workers[0].result()

    def _is_over(self) -> bool:
        """Whether everything rests, or has had the time to."""
        if self.diary.quiet_seconds > REST:
            return True
        facts = self._gathered(with_answers=False) if len(self.diary.asked) == self.options.requests else None
        return facts is not None and not stuck(facts)

    def _gathered(self, *, with_answers: bool) -> Facts | None:
        try:
            return gathered(self.house, self.diary, with_answers=with_answers)
        except (psycopg.OperationalError, BridgeError, httpx.HTTPError):
            return None


@contextmanager
def reviewers(house: House) -> Iterator[list[Person]]:
    """Invite the people who decide, and sign them in."""
    names = [f"reviewer-{number}" for number in range(1, 2 * _PAIRS + 1)]
    invite(house, names)
    with ExitStack() as stack:
        yield [stack.enter_context(Person(house, name)) for name in names]
