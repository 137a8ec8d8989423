"""The parts of a list, and its filters as conditions on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet

from approvals.deadlines import NEAR
from approvals.models import KnownTool, RequestGroup
from approvals.rules.lifecycle import Status
from approvals.rules.queue_query import Age, Deadline, QueueQuery
from restate_bridge.contract import Risk

#: The deadline of a request without one, as the database writes it into `RequestGroup.due_at`.
END_OF_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)
#: What risks are sorted by, as the database writes it into `RequestGroup.risk_rank`.
RISK_RANKS: Final = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for lists, and when.

    Attributes:
        groups: theirs, by name.
        tools: what those groups know of the agents and tools that their lists are narrowed to; see `tools_for`.
    """

    user: User
    groups: Sequence[Group]
    now: datetime
    tools: Sequence[KnownTool] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the requests of a list: rows of the table whose indexes begin where the list does.

    Attributes:
        rows: requests themselves, or rows that refer to one by `path`.
        path: how a row's request is reached: empty, or ``request__``.
    """

    rows: QuerySet[Any]
    path: str = ""

    @property
    def by_group(self) -> bool:
        """Whether the rows are those of one group, with columns of their own to sort and narrow by."""
        return self.rows.model is RequestGroup

    @property
    def number(self) -> str:
        """The column that holds a request's id."""
        return "request_id" if self.path else "pk"

    def filter(self, *conditions: Q) -> "Part":
        """Return what of it passes the conditions, which are written for its rows."""
        return replace(self, rows=self.rows.filter(*conditions))


def tools_for(groups: Sequence[Group], queries: Sequence[QueueQuery]) -> list[KnownTool]:
    """Return what ``groups`` know of the agents and tools that these queries name. One query, none for none."""
    named = [Q(**_named(query)) for query in queries if _named(query)]
    if not named:
        return []
    wanted = named[0]
    for one in named[1:]:
        wanted |= one
    return list(KnownTool.objects.filter(wanted, group__in=groups).order_by())


def narrowed(part: Part, query: QueueQuery, asker: Asker) -> Part:
    """Return what of a part passes a query's filters; words, and the group of a group's part, are seen to before."""
    if part.by_group:
        return part.filter(_in_queue(query, asker))
    wanted: dict[str, Any] = {**_named(query), "risk": query.risk, "status": query.outcome, "together": query.together}
    if query.group:
        wanted["requestgroup__group__name"] = query.group
    same = Q(**{f"{part.path}{column}": value for column, value in wanted.items() if value})
    age = _age(query.age, f"{part.path}announced_at", asker.now)
    return part.filter(same, age, _deadline(query.deadline, part.path, asker.now))


def _in_queue(query: QueueQuery, asker: Asker) -> Q:
    """Return the filters on the columns of `RequestGroup`, whose statistics tell PostgreSQL how to read them."""
    same: dict[str, Any] = {"status": query.outcome} if query.outcome else {}
    if query.risk:
        same["risk_rank"] = RISK_RANKS[Risk(query.risk)]
    if named := _named(query):
        fitting = [known.pk for known in asker.tools if all(getattr(known, name) == named[name] for name in named)]
        same["tool__in"] = fitting
    if query.together:
        same["request__together"] = query.together
    return Q(**same) & _age(query.age, "announced_at", asker.now) & _due(query.deadline, asker.now)


def _named(query: QueueQuery) -> dict[str, str]:
    return {name: value for name, value in (("agent", query.agent), ("tool", query.tool)) if value}


def _age(age: str, column: str, now: datetime) -> Q:
    match age:
        case Age.NEW:
            return Q(**{f"{column}__gte": now - _DAY})
        case Age.DAY:
            return Q(**{f"{column}__lt": now - _DAY})
        case Age.WEEK:
            return Q(**{f"{column}__lt": now - _WEEK})
    return Q()


def _due(deadline: str, now: datetime) -> Q:
    # Only what waits has a deadline that can be near; without one is also what was settled.
    match deadline:
        case Deadline.NEAR:
            return Q(due_at__lt=now + NEAR, settled_at=None)
        case Deadline.DAY:
            return Q(due_at__lt=now + _DAY, settled_at=None)
        case Deadline.NONE:
            return Q(due_at=END_OF_TIME)
    return Q()


def _deadline(deadline: str, path: str, now: datetime) -> Q:
    column, waits = f"{path}deadline_at", Q(**{f"{path}status": Status.PENDING})
    match deadline:
        case Deadline.NEAR:
            return Q(**{f"{column}__lt": now + NEAR}) & waits
        case Deadline.DAY:
            return Q(**{f"{column}__lt": now + _DAY}) & waits
        case Deadline.NONE:
            return Q(**{column: None})
    return Q()
