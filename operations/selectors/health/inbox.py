"""How the inbox's own parts are: courier, intake, database, live pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from approvals.live.viewers import VIEWERS
from approvals.models import (
    AgentService,
    ApprovalRequest,
    AuditEvent,
    Decision,
    Delivery,
    EngineSight,
    RequestGroup,
    SearchEntry,
)
from approvals.rules.lifecycle import DeliveryState
from approvals.selectors.engine import engine_sight
from approvals.selectors.migrations import unapplied_migrations
from approvals.selectors.watching import Backlog, backlog
from operations.models import OperatorEvent
from operations.selectors.engine import shared

_SHOWN: Final = 5
_SERVICES: Final = 50
_SECONDS: Final = 60
_MAIN: Final = (ApprovalRequest, RequestGroup, SearchEntry, Decision, Delivery, AuditEvent, OperatorEvent)
_SIZES: Final = """
    SELECT relname, NULLIF(reltuples, -1)::bigint, pg_total_relation_size(oid)
    FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s) AND relnamespace = to_regnamespace(current_schema())
    ORDER BY 3 DESC
"""


@dataclass(frozen=True, slots=True)
class CourierHealth:
    """The courier's work.

    Attributes:
        sight: what it last saw of the engine; None when none has ever run.
        retried: some of the decisions that Restate did not take, the oldest first.
    """

    sight: EngineSight | None
    backlog: Backlog
    retried: Sequence[Delivery]


@dataclass(frozen=True, slots=True)
class Announcer:
    """An agent service, and when it announced something last; None for never."""

    name: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table and how many bytes it takes, indexes included.

    Attributes:
        rows: about how many it has; None as long as PostgreSQL has not looked.
    """

    name: str
    rows: int | None
    size: int


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """The database, which answers or there would be no page.

    Attributes:
        missing: the migrations that it lacks.
    """

    version: str
    tables: Sequence[Table]
    missing: Sequence[str]


def courier_health() -> CourierHealth:
    """Return how the courier is, in three queries."""
    return CourierHealth(engine_sight(), backlog(), list(_retried()[:_SHOWN]))


def intake_health() -> list[Announcer]:
    """Return who may announce, in one query."""
    own = ApprovalRequest.objects.filter(announced_by=OuterRef("pk")).order_by("-id")
    services = AgentService.objects.filter(revoked_at=None).order_by("name")
    last = services.annotate(last_at=Subquery(own.values("announced_at")[:1]))
    return [Announcer(service.name, service.last_at) for service in last[:_SERVICES]]


def database_health() -> DatabaseHealth:
    """Return how the database is; sizes are looked up once a minute."""
    return DatabaseHealth(*shared(_server, seconds=_SECONDS), unapplied_migrations())


def connected_pages() -> int:
    """Return how many pages are connected to this process."""
    return VIEWERS.number


def _retried() -> QuerySet[Delivery]:
    queued = Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__isnull=False).exclude(last_error="")
    return queued.order_by("queued_at").only("request_id", "attempts", "last_error", "due_at", "queued_at")


def _server() -> tuple[str, list[Table]]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [version] = cursor.fetchone()
        cursor.execute(_SIZES, [[model._meta.db_table for model in _MAIN]])
        return version, [Table(*row) for row in cursor.fetchall()]
