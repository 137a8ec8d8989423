"""What is asked of the full inbox: lists, counts and searches, as pages ask them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User

from approvals.rules.queue_query import SORTS, Queue, QueueQuery
from approvals.selectors.counting import counts_of
from approvals.selectors.inbox import asker_for, ids_of, rows_of
from approvals.selectors.paging import Cursor
from approvals.selectors.saved_views import views_for

#: In the large group alone; in it and the sparse one; in the sparse one alone; in one to six others; sees everything.
PEOPLE: Final = ("reviewer-0", "reviewer-1", "reviewer-2", "reviewer-6", "reviewer-41", "reviewer-95", "operator")
_FAR: Final = 20
_FILTERS: Final[Sequence[Mapping[str, str]]] = (
    {"queue": "mine", "risk": "high"},
    {"queue": "mine", "tool": "tool_3"},
    {"queue": "mine", "tool": "tool_140"},
    {"queue": "teams", "agent": "agent_7"},
    {"queue": "teams", "age": "week"},
    {"queue": "teams", "deadline": "near"},
    {"queue": "teams", "deadline": "none", "sort": "risk"},
    {"queue": "decided", "outcome": "rejected"},
    {"queue": "decided", "tool": "tool_3"},
    {"queue": "decided", "tool": "tool_140"},
    {"queue": "all", "group": "group-0"},
    {"queue": "all", "agent": "agent_7", "outcome": "approved"},
)
_WORDS: Final[Mapping[str, str]] = {
    "frequent": "invoice",
    "middling": "subscription",
    "rare": "tool_140",
    "one": "INV-77",
    "two words": "hotel insurance",
    "beginning": "sub",
    "part": "ranspor",
    "nothing": "zzzzqqqq",
    "Korean": "호텔",
    "Korean, middling": "송금",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a page asks.

    Attributes:
        kind: ``list``, ``counts`` or ``search``.
        far: the twentieth page is asked for, not the first.
    """

    kind: str
    name: str
    query: QueueQuery
    far: bool = False

    def ask(self, user: User, now: datetime, after: Cursor | None = None) -> None:
        """Ask it for a person, from a cursor on."""
        if self.kind == "counts":
            views = views_for(user)
            counts_of(asker_for(user, [view.question for view in views], now=now), views)
        else:
            ids, _ = ids_of(asker_for(user, [self.query], now=now), self.query, after)
            rows_of(user, ids, now)

    def begins(self, user: User, now: datetime) -> Cursor | None:
        """Return where the page begins that is asked for: the twentieth or last one, if a page far down is."""
        asker, after = asker_for(user, [self.query], now=now), None
        for _ in range(_FAR - 1 if self.far else 0):
            _, behind = ids_of(asker, self.query, after)
            if behind is None:
                break
            after = behind
        return after


def questions() -> list[Question]:
    """Return all that is measured."""
    plain = [{"queue": queue.value, "sort": sort.value} for queue in Queue for sort in SORTS[queue]]
    lists = [QueueQuery.read(given) for given in (*plain, *_FILTERS)]
    return [
        *(Question("list", query.written() or "mine", query, far) for query in lists for far in (False, True)),
        *(Question("counts", "all numbers", QueueQuery()) for _ in range(4)),
        *(
            Question("search", f"{name}, {queue}", QueueQuery.read({"q": words, "queue": queue}))
            for name, words in _WORDS.items()
            for queue in (Queue.ALL, Queue.TEAMS, Queue.DECIDED)
        ),
    ]
