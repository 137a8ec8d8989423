"""Search: whole words and beginnings of words, or any part of a word when no word begins so. Latest first.

PostgreSQL can answer in two ways: go through the latest requests until a page is full, or ask the index of words for
all that match and sort them. The first takes for ever for a rare word, the second for a frequent one. So a search goes
through the latest requests first, further if there was something among them, and asks the index for the rest.

What a search stays within (groups, requester, agent, tool, status) stands among the words as marks, so that the index
answers for all of it together. They only find candidates: who may see which of them is asked of `selectors.access`.
"""

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from django.contrib.auth.models import Group
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Func, OrderBy, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat

from approvals.models import SearchEntry
from approvals.rules.queue_query import PENDING_QUEUES, Queue, QueueQuery
from approvals.selectors.access import VIEW_ALL, visible_to
from approvals.selectors.narrowing import Asker, Part, narrowed
from approvals.selectors.paging import PAGE_SIZE, Cursor
from approvals.selectors.queues import within_queue

_MOST_TERMS: Final = 10
#: Shorter parts are in too many words to be looked for by trigrams.
_SHORTEST_PART: Final = 3
#: How many of the latest are gone through, by their numbers; and how many more if so many were found among them.
_LATEST: Final = 1_000
_FURTHER: Final = 20_000
_PROMISING: Final = 4
#: So many candidates are looked at together, since some may not pass.
_BATCH: Final = 2 * PAGE_SIZE
_PATH: Final = "request__"
#: What is kept in one piece, like numbers of invoices and addresses; see the fifth migration.
_PIECE: Final = re.compile("[a-z0-9]+(?:[._:+/@-]+[a-z0-9]+)+")
_LONGEST_PIECE: Final = 200


class Reading(NamedTuple):
    """How entries are read: what their words and their vector are to a query."""

    words: Combinable
    vector: Combinable


#: By the indexes of the columns; and entry by entry, since these expressions are equal to them and have no index.
BY_INDEX: Final = Reading(F("words"), F("vector"))
ONE_BY_ONE: Final = Reading(
    Concat("words", Value(""), output_field=TextField()),
    Coalesce(F("vector"), Func(Value(""), template="%(expressions)s::tsvector")),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find what holds some words.

    Attributes:
        entries: the candidates, by how they are read, without an order.
        allowed: which of them are in the list.
    """

    entries: Mapping[Reading, QuerySet[SearchEntry]]
    allowed: Q

    def latest(self, before: int) -> Iterator[int]:
        """Yield the ids of what is found, from the latest before a number backwards, in as few queries as are read."""
        latest, further, rest = _stretches(before)
        found = 0
        for pk in self._within(*latest, ONE_BY_ONE):
            found += 1
            yield pk
        if found >= _PROMISING:
            yield from self._within(*further, ONE_BY_ONE)
            yield from self._within(*rest, BY_INDEX)
        else:
            yield from self._within(rest[0], latest[0], BY_INDEX)

    def some(self, before: int, number: int) -> QuerySet[SearchEntry, int]:
        """Return the ids of up to ``number`` of what is found; PostgreSQL goes no further back than it needs to."""
        latest, further, rest = _stretches(before)
        promising = Exists(self._passing(*latest, number, ONE_BY_ONE)[_PROMISING - 1 : _PROMISING])
        parts = [
            self._passing(*latest, number, ONE_BY_ONE),
            self._passing(*further, number, ONE_BY_ONE).filter(promising),
            self._passing(*rest, number, BY_INDEX).filter(promising),
            self._passing(rest[0], latest[0], number, BY_INDEX).filter(~promising),
        ]
        ids = [part.order_by().values_list("pk", flat=True)[:number] for part in parts]
        return ids[0].union(*ids[1:], all=True)[:number]

    def _within(self, begins: int, ends: int, reading: Reading) -> Iterator[int]:
        while begins < ends and (batch := list(self._batch(begins, ends, reading))):
            yield from (pk for pk, passes in batch if passes)
            ends, _ = batch[-1]
            if len(batch) < _BATCH:
                break

    def _batch(self, begins: int, ends: int, reading: Reading) -> QuerySet[SearchEntry, tuple[int, bool]]:
        passes = ExpressionWrapper(Q(pk__isnull=False) & self.allowed, output_field=BooleanField())
        candidates = SearchEntry.objects.filter(pk__in=self._candidates(begins, ends, _BATCH, reading))
        return candidates.annotate(passes=passes).order_by("-pk").values_list("pk", "passes")

    def _passing(self, begins: int, ends: int, most: int, reading: Reading) -> QuerySet[SearchEntry]:
        # More candidates than are wanted, since some may not pass.
        candidates = self._candidates(begins, ends, 2 * most, reading)
        return SearchEntry.objects.filter(self.allowed, pk__in=candidates)

    def _candidates(self, begins: int, ends: int, most: int, reading: Reading) -> QuerySet[SearchEntry, int]:
        # The limit is a fence: PostgreSQL knows well how many entries hold some words and marks, and not at all how
        # many of those are allowed. Nothing is indexed in the order of the first key, so it has to ask for the words.
        key = F("pk") + 0 if reading is BY_INDEX else F("pk")
        entries = self.entries[reading].filter(pk__gte=begins, pk__lt=ends)
        return entries.order_by(OrderBy(key, descending=True)).values_list("pk", flat=True)[:most]


def ways_of(asker: Asker, query: QueueQuery) -> list[Way]:
    """Return what a search finds: by beginnings of words, and if that is nothing, by parts of words.

    There is no way to find what somebody's teams wait for who is in none.
    """
    if query.queue is Queue.TEAMS and not asker.groups:
        return []
    allowed = visible_to(asker.user, path=_PATH) & within_queue(asker, query.queue, path=_PATH)
    terms = query.q.split()[:_MOST_TERMS]
    within = {reading: _within(asker, query, reading) for reading in (BY_INDEX, ONE_BY_ONE)}
    begins = {
        reading: entries.filter(*(_begins_with(term, reading) for term in terms)) for reading, entries in within.items()
    }
    if any(len(term) < _SHORTEST_PART for term in terms):
        return [Way(begins, allowed)]
    holds = {
        reading: entries.alias(said=reading.words).filter(*(Q(said__icontains=term) for term in terms))
        for reading, entries in within.items()
    }
    return [Way(begins, allowed), Way(holds, allowed)]


def search_page(asker: Asker, query: QueueQuery, after: Cursor | None) -> tuple[list[int], Cursor | None]:
    """Return the ids of one page of what is found, and where the next page begins; None on the last one.

    The key of a cursor is the number of the way by which its page was found.
    """
    before = after.request_id if after else behind_latest()
    for number, way in enumerate(ways_of(asker, query)):
        if after and number != after.key:
            continue
        found = [pk for pk, _ in zip(way.latest(before), range(PAGE_SIZE + 1), strict=False)]
        if found:
            page = found[:PAGE_SIZE]
            return page, Cursor(number, page[-1]) if len(found) > PAGE_SIZE else None
    return [], None


def behind_latest() -> int:
    """Return a number that is greater than those of all requests."""
    latest = SearchEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (latest or 0) + 1


def _stretches(before: int) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Return the latest, those further back, and the rest: the first number of each and the one behind its last."""
    latest = max(0, before - _LATEST)
    further = max(0, latest - _FURTHER)
    return (latest, before), (further, latest), (0, further)


def _within(asker: Asker, query: QueueQuery, reading: Reading) -> QuerySet[SearchEntry]:
    """Return what holds the marks of all that a search stays within, and passes those filters that have no mark."""
    entries = SearchEntry.objects.all()
    if marks := " & ".join(_marks(asker, query)):
        entries = entries.filter(_holds(_as_it_is(marks), reading))
    if query.queue in (Queue.SNOOZED, Queue.WAITING):
        # Few, and found by indexes of their own.
        entries = entries.filter(within_queue(asker, query.queue, path=_PATH))
    unmarked = replace(query, agent="", tool="", outcome="", group="" if _named(asker, query) else query.group)
    return narrowed(Part(entries, _PATH), unmarked, asker).rows


def _marks(asker: Asker, query: QueueQuery) -> Iterator[str]:
    """Yield what marks all that a search may find; the fifth migration writes them."""
    named = _named(asker, query)
    if named or query.queue is Queue.TEAMS or not asker.user.has_perm(VIEW_ALL):
        scope = [f" group {group.pk}" for group in named or asker.groups]
        if not named and query.queue is not Queue.TEAMS:
            scope.append(f" by {asker.user.username}")
        yield f"({' | '.join(_quoted(mark) for mark in scope)})"
    if query.queue is Queue.DECIDED:
        yield "!' pending'"
    status = "pending" if query.queue in PENDING_QUEUES else query.outcome
    for name, value in (("", status), ("agent ", query.agent), ("tool ", query.tool)):
        if value:
            yield _quoted(f" {name}{value}")


def _named(asker: Asker, query: QueueQuery) -> list[Group]:
    """Return the group that a query is narrowed to, if it is one of the asker's."""
    return [group for group in asker.groups if group.name == query.group]


def _begins_with(term: str, reading: Reading) -> Func:
    piece = term.lower().strip(string.punctuation)
    if _PIECE.fullmatch(piece):
        return _holds(_as_it_is(f"{_quoted(piece[:_LONGEST_PIECE])}:*"), reading)
    return _holds(SearchQuery(f"{_quoted(term)}:*", config="simple", search_type="raw"), reading)


def _as_it_is(words: str) -> Func:
    return Func(Value(words), template="%(expressions)s::tsquery")


def _holds(words: Func | SearchQuery, reading: Reading) -> Func:
    return Func(reading.vector, words, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())


def _quoted(term: str) -> str:
    quoted = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"
