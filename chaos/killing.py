"""The killer: ``kill -9`` at random moments, and back again after a random short pause.

A decision is on its way for a few hundredths of a second only, and a moment chosen blindly would seldom be one of them.
So every other blow waits for the next decision or second thought, and falls right behind it, or right behind the end of
the time for second thoughts, when the couriers take the decision up.
"""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Final

from chaos.diary import Diary
from embedded.errors import SetupError
from embedded.server import Server
from tests.house.cluster import start_together

# Seconds between two blows, and for how long what was killed stays down.
_BETWEEN: Final = (0.5, 4.0)
_DOWN: Final = (0.1, 4.0)
# A machine that is busy with all this may need longer than usual to start a program.
_STARTS: Final = 3
_TWO: Final = 0.25
# Every other blow falls while a decision travels, which takes some hundredths of a second.
_AIMED: Final = 0.5
_LONGEST_AIM: Final = 2.0
_ON_THE_WAY: Final = 0.08


class Killer:
    """Kills one process, or two different ones at once; never two nodes of a cluster."""

    def __init__(self, processes: Mapping[str, Server], nodes: set[str], undo: float, diary: Diary, seed: str) -> None:
        """Make it.

        Args:
            processes: what is killed, by name.
            nodes: the names of the engine's processes.
            undo: how long a decision waits before it sets out, in seconds.
        """
        self._processes, self._nodes, self._undo, self._diary = processes, nodes, undo, diary
        self._chance = random.Random(seed)

    def work(self, seconds: float, over: threading.Event) -> None:
        """Kill for ``seconds``, and on until each was killed once; nothing is left down. The body of one thread."""
        until = time.monotonic() + seconds
        turns = self._turns()
        while not over.wait(self._chance.uniform(*_BETWEEN)):
            if time.monotonic() >= until and set(self._processes) <= set(self._diary.kills):
                break
            self._look_after()
            if self._chance.random() < _AIMED:
                self._diary.wait_for_a_moment_to_strike(_LONGEST_AIM)
                time.sleep(self._chance.choice((0.0, self._undo)) + self._chance.uniform(0, _ON_THE_WAY))
            self._strike(self._victims(turns))
        self._look_after()

    def _turns(self) -> Iterator[str]:
        """Yield names in random order, each as often as any other: so a short storm misses none."""
        while True:
            names = sorted(self._processes)
            self._chance.shuffle(names)
            yield from names

    def _victims(self, turns: Iterator[str]) -> list[str]:
        first = next(turns)
        others = [name for name in sorted(self._processes) if name != first and not {name, first} <= self._nodes]
        return [first, self._chance.choice(others)] if self._chance.random() < _TWO else [first]

    def _strike(self, names: list[str]) -> None:
        for name in names:
            self._processes[name].kill()
            self._diary.note_killed(name)
        time.sleep(self._chance.uniform(*_DOWN))
        self._bring_back(names)

    def _look_after(self) -> None:
        """Start again what has ended by itself, as the supervisor does."""
        for name, process in self._processes.items():
            if process.has_ended:
                self._diary.count(f"{name} ended by itself")
                self._diary.note(f"{name} ended by itself")
                process.kill()
                self._bring_back([name])

    def _bring_back(self, names: list[str]) -> None:
        for attempt in range(1, _STARTS + 1):
            try:
                start_together([process for name, process in self._processes.items() if name in names])
            except SetupError as error:
                if attempt == _STARTS:
                    raise
                self._diary.note(f"{' and '.join(names)} did not start, trying again: {error}")
                for name in names:
                    self._processes[name].kill()
            else:
                self._diary.note(f"{' and '.join(names)} back")
                return
