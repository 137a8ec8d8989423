"""Pages of a list by keyset: a page begins behind the last row of the one before, however far down that is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from approvals.models import ApprovalRequest
from approvals.rules.queue_query import Queue, QueueQuery, Sort
from approvals.selectors.narrowing import END_OF_TIME, RISK_RANKS, Part

PAGE_SIZE: Final = 50
_RANK: Final = Case(*(When(risk=risk, then=Value(rank)) for risk, rank in RISK_RANKS.items()))


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by a key, then by id, both in the same direction.

    Attributes:
        by_group: the key as a column of `RequestGroup`, by itself it is the request's.
        parse: reads a key from a cursor.
    """

    key: Combinable
    by_group: str
    parse: Callable[[str], Any]
    newest_first: bool = False


_ORDERS: Final = {
    Sort.DEADLINE: Order(Coalesce("deadline_at", Value(END_OF_TIME)), "due_at", datetime.fromisoformat),
    Sort.RISK: Order(_RANK, "risk_rank", int),
    Sort.AGE: Order(F("pk"), "request_id", int),
    Sort.LATEST: Order(F("pk"), "request_id", int, newest_first=True),
}
_SETTLED_LAST: Final = Order(F("settled_at"), "settled_at", datetime.fromisoformat, newest_first=True)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: its key and its id."""

    key: Any
    request_id: int

    @classmethod
    def read(cls, text: str, order: Order) -> Self | None:
        """Read what `written` has written; None for anything else."""
        key, _, request_id = text.rpartition("~")
        try:
            return cls(order.parse(key), int(request_id))
        except ValueError:
            return None

    def written(self) -> str:
        """Return it as a parameter of an address."""
        key = self.key.isoformat() if isinstance(self.key, datetime) else self.key
        return f"{key}~{self.request_id}"


def order_of(query: QueueQuery) -> Order:
    """Return how a query's list is sorted."""
    return _SETTLED_LAST if query.queue is Queue.DECIDED and not query.q else _ORDERS[query.sort]


def place_of(one: QuerySet[ApprovalRequest], order: Order) -> Cursor | None:
    """Return where the one request of a set stands in an order, whether or not a list holds it; None for nowhere."""
    found = one.annotate(sort_key=order.key).values_list("sort_key", "pk").first()
    return None if found is None or found[0] is None else Cursor(*found)


def page_of(parts: Sequence[Part], order: Order, after: Cursor | None) -> tuple[list[int], Cursor | None]:
    """Return the ids of one page of a list in their order, and where the next page begins; None on the last one."""
    slices = [_slice(part, order, after) for part in parts]
    if not slices:
        return [], None
    together = slices[0].union(*slices[1:]) if len(slices) > 1 else slices[0]
    if len(slices) > 1:
        together = together.order_by(*_sorted_by(order, "sort_key", "number"))
    rows = list(together[: PAGE_SIZE + 1])
    page = rows[:PAGE_SIZE]
    # A request can be in two parts with another key in each, should one of them have changed just now.
    return list(dict.fromkeys(pk for _, pk in page)), Cursor(*page[-1]) if len(rows) > PAGE_SIZE else None


def _slice(part: Part, order: Order, after: Cursor | None) -> QuerySet[Any, Any]:
    """Return the key and id of what a part may add to the page."""
    key = F(order.by_group) if part.by_group else order.key
    keyed = part.rows.annotate(sort_key=key, number=F(part.number))
    if after is not None:
        keyed = keyed.filter(_behind(order, after))
    rows: QuerySet[Any, Any] = keyed.order_by(*_sorted_by(order, "sort_key", "number"))
    return rows.values_list("sort_key", "number")[: PAGE_SIZE + 1]


def _behind(order: Order, after: Cursor) -> Q:
    # The first condition alone says where the index begins; the second leaves out what the page before has shown.
    direction = "lt" if order.newest_first else "gt"
    first = Q(**{f"sort_key__{direction}e": after.key})
    return first & (Q(**{f"sort_key__{direction}": after.key}) | Q(**{f"number__{direction}": after.request_id}))


def _sorted_by(order: Order, *names: str) -> list[str]:
    return [f"-{name}" for name in names] if order.newest_first else list(names)
