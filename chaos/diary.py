"""What the storm itself does, noted by its threads as they do it."""

import threading
import time
from collections import Counter
from dataclasses import dataclass

from chaos.facts import Acknowledged, Asked, Refused, SecondThought


@dataclass(frozen=True)
class Happening:
    """Something that the storm did, ``at`` seconds after it began."""

    at: float
    what: str


class Diary:
    """Shared by all threads; each method is one entry."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._began = self._last = time.monotonic()
        self.asked: list[Asked] = []
        self.acknowledged: list[Acknowledged] = []
        self.second_thoughts: list[SecondThought] = []
        self.refused: list[Refused] = []
        self.kills: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self.happenings: list[Happening] = []

    @property
    def seconds(self) -> float:
        """How long it has been kept."""
        return time.monotonic() - self._began

    @property
    def quiet_seconds(self) -> float:
        """How long ago the last message was sent, decision taken or process killed."""
        return time.monotonic() - self._last

    def note_asked(self, asked: Asked) -> None:
        """A message was sent, or given up."""
        with self._lock:
            self.asked.append(asked)
            self._last = time.monotonic()

    def note_acknowledged(self, taken: Acknowledged) -> None:
        """The web took a decision."""
        with self._lock:
            self.acknowledged.append(taken)
            self._last = time.monotonic()
            self._lock.notify_all()

    def note_beginning(self) -> None:
        """Somebody is about to take a decision back."""
        with self._lock:
            self._lock.notify_all()

    def note_second_thought(self, thought: SecondThought) -> None:
        """Somebody took a decision back, or tried to."""
        with self._lock:
            self.second_thoughts.append(thought)
            self._last = time.monotonic()

    def wait_for_a_moment_to_strike(self, seconds: float) -> None:
        """Return when the web takes a decision or somebody is about to take one back, or after ``seconds``."""
        with self._lock:
            self._lock.wait(seconds)

    def note_refused(self, refused: Refused) -> None:
        """The web refused a decision, and should not have."""
        with self._lock:
            self.refused.append(refused)

    def note_killed(self, name: str) -> None:
        """A process was killed."""
        with self._lock:
            self.kills[name] += 1
            self._last = time.monotonic()
        self.note(f"{name} was killed")

    def note(self, what: str) -> None:
        """Something worth a line in the story of this storm."""
        with self._lock:
            self.happenings.append(Happening(round(self.seconds, 2), what))

    def count(self, what: str) -> None:
        """Something of which only the number counts."""
        with self._lock:
            self.others[what] += 1
