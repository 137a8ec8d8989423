"""What somebody asks the inbox for: a queue, words, filters and an order. An address, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self
from urllib.parse import urlencode

from approvals.rules.lifecycle import Status
from restate_bridge.contract import Risk


class Queue(StrEnum):
    """Which requests a list begins with.

    ``mine``: what this person can decide now, or is asked about. ``teams``: all that waits in their groups.
    ``snoozed``: what they put off. ``waiting``: what they approved and others have not yet. ``decided``: what is
    settled. ``all``: everything that they may see.
    """

    MINE = "mine"
    TEAMS = "teams"
    SNOOZED = "snoozed"
    WAITING = "waiting"
    DECIDED = "decided"
    ALL = "all"


class Sort(StrEnum):
    """What comes first: the nearest deadline, the highest risk, the oldest, or the latest."""

    DEADLINE = "deadline"
    RISK = "risk"
    AGE = "age"
    LATEST = "latest"


class Age(StrEnum):
    """How long ago a request was made: within a day, or more than a day or a week ago."""

    NEW = "new"
    DAY = "day"
    WEEK = "week"


class Deadline(StrEnum):
    """How near a deadline is: near (see `presentation.times`), within a day, or that there is none."""

    NEAR = "near"
    DAY = "day"
    NONE = "none"


#: In which orders a queue can be shown; the first is its own.
SORTS: Final[Mapping[Queue, tuple[Sort, ...]]] = {
    **dict.fromkeys(
        (Queue.MINE, Queue.TEAMS, Queue.SNOOZED, Queue.WAITING), (Sort.DEADLINE, Sort.RISK, Sort.AGE, Sort.LATEST)
    ),
    Queue.DECIDED: (Sort.LATEST,),
    Queue.ALL: (Sort.LATEST,),
}
#: The queues that only hold what waits: there an outcome is no filter.
PENDING_QUEUES: Final = frozenset({Queue.MINE, Queue.TEAMS, Queue.SNOOZED, Queue.WAITING})
_CHOICES: Final[Mapping[str, type[StrEnum]]] = {"risk": Risk, "age": Age, "deadline": Deadline, "outcome": Status}
_FREE: Final = ("q", "agent", "tool", "group", "together")
LONGEST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """One question to the inbox. Every field but `queue` and `sort` is empty when it does not matter.

    Attributes:
        q: the words to search for.
        together: what requests share that were made at the same time.
        ignored: names of parameters whose values mean nothing here; they were left out.
    """

    queue: Queue = Queue.MINE
    q: str = ""
    agent: str = ""
    tool: str = ""
    group: str = ""
    together: str = ""
    risk: str = ""
    age: str = ""
    deadline: str = ""
    outcome: str = ""
    sort: Sort = Sort.DEADLINE
    ignored: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read an address's parameters; what means nothing is left out and named in `ignored`."""
        named = given.get("queue", "")
        queue = Queue(named) if named in list(Queue) else Queue.MINE
        values = {name: _cleaned(given.get(name, "")) for name in _FREE}
        values["q"] = values["q"][:LONGEST_WORDS]
        for name, choices in _CHOICES.items():
            value = given.get(name, "")
            values[name] = value if value in list(choices) else ""
        if queue in PENDING_QUEUES:
            values["outcome"] = ""
        wanted = given.get("sort", "")
        # What is found by words comes newest first: to sort all that matches would read it all.
        offered = SORTS[Queue.ALL] if values["q"] else SORTS[queue]
        sort = Sort(wanted) if wanted in offered else offered[0]
        checked = {**values, "queue": queue, "sort": sort}
        ignored = tuple(name for name in checked if given.get(name, "").strip() and not _is_kept(name, given, checked))
        return cls(**values, queue=queue, sort=sort, ignored=ignored)

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The orders in which this can be shown, its own first."""
        return SORTS[Queue.ALL] if self.q else SORTS[self.queue]

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the queue: name to value, the words included."""
        values = {name: getattr(self, name) for name in (*_FREE, *_CHOICES)}
        return {name: value for name, value in values.items() if value}

    def changed(self, **changes: str) -> Self:
        """Return the question with other filters, queue or order; empty takes a filter away."""
        return type(self).read({"queue": self.queue, "sort": self.sort, **self.filters, **changes})

    def written(self) -> str:
        """Return the query string that `read` reads back; what goes without saying is left out."""
        queue = {"queue": self.queue.value} if self.queue is not Queue.MINE else {}
        sort = {"sort": self.sort.value} if self.sort is not self.sorts[0] else {}
        return urlencode(queue | self.filters | sort)


def _cleaned(value: str) -> str:
    return " ".join(value.replace("\x00", " ").split())


def _is_kept(name: str, given: Mapping[str, str], checked: Mapping[str, str]) -> bool:
    return bool(checked[name]) and (name in _FREE or given[name] == checked[name])
