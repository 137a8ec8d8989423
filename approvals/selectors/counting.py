"""How many requests are in a list: up to a hundred, since nobody needs to know how many more."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from approvals.models import SavedView
from approvals.rules.queue_query import Queue, QueueQuery
from approvals.selectors.narrowing import Asker, Part
from approvals.selectors.planning import planned_for_values
from approvals.selectors.queues import unordered_parts_of
from approvals.selectors.searching import Way, behind_latest, ways_of

#: The queues whose numbers are shown; those of what is settled would only grow.
COUNTED: Final = (Queue.MINE, Queue.TEAMS, Queue.SNOOZED, Queue.WAITING)
#: Counting stops here; a page shows it as 99+. To count a hundred takes the same time at any number.
MOST_COUNTED: Final = 100


def counts_of(asker: Asker, views: Sequence[SavedView]) -> dict[str, int]:
    """Return how many requests are in each queue that has a number, and in each view (by its id)."""
    queues = _capped({queue.value: _in_list(asker, QueueQuery(queue=queue)) for queue in COUNTED})
    if not views:
        return queues
    with planned_for_values():
        return queues | _in_views(asker, {str(view.pk): view.question for view in views})


def _in_views(asker: Asker, queries: Mapping[str, QueueQuery]) -> dict[str, int]:
    lists = {name: _in_list(asker, query) for name, query in queries.items() if not query.q}
    searches = {name: ways for name, query in queries.items() if query.q and (ways := ways_of(asker, query))}
    before = behind_latest() if searches else 0
    counts = dict.fromkeys(queries, 0) | _capped(
        lists | {name: _by(ways[0], before) for name, ways in searches.items()}
    )
    # What no word begins with is counted by parts of words, as its list shows it.
    missed = {name: ways[1] for name, ways in searches.items() if len(ways) > 1 and not counts[name]}
    return counts | _capped({name: _by(way, before) for name, way in missed.items()})


def _by(way: Way, before: int) -> QuerySet[Any, int]:
    return way.some(before, MOST_COUNTED)


def _in_list(asker: Asker, query: QueueQuery) -> QuerySet[Any, int] | None:
    return _some_of(unordered_parts_of(asker, query), len(asker.groups))


def _capped(lists: Mapping[str, QuerySet[Any, int] | None]) -> dict[str, int]:
    """Return how many ids each list has, `MOST_COUNTED` for that many or more; none for None. One query for all.

    An id that a list has several times counts once.
    """
    counts = dict.fromkeys(lists, 0)
    compiled = {name: ids.query.sql_with_params() for name, ids in lists.items() if ids is not None}
    if not compiled:
        return counts
    # The ORM has no way to count several unions at once. All values are parameters, the names too.
    counted = " UNION ALL ".join(
        f"SELECT %s, least(count(DISTINCT found.number), %s) FROM ({sql}) AS found (number)"  # noqa: S608
        for sql, _ in compiled.values()
    )
    values = [value for name, (_, found) in compiled.items() for value in (name, MOST_COUNTED, *found)]
    with connection.cursor() as cursor:
        cursor.execute(counted, values)
        return counts | dict(cursor.fetchall())


def _some_of(parts: Sequence[Part], groups: int) -> QuerySet[Any, int] | None:
    """Return the ids of some requests of a list, as many as are counted; None for a list without parts.

    Args:
        groups: in how many groups, and so how often, one request can be.
    """
    most = MOST_COUNTED * max(1, groups)
    # In the order of an index: where any order would do, PostgreSQL may look for the first hundred in the table itself,
    # where what waits comes last.
    ordered = [
        part.rows.order_by("group_id", "request_id") if part.by_group else part.rows.order_by() for part in parts
    ]
    slices = [rows.values_list(part.number, flat=True)[:most] for rows, part in zip(ordered, parts, strict=True)]
    if not slices:
        return None
    return slices[0].union(*slices[1:], all=True) if len(slices) > 1 else slices[0]
