"""What the database holds about requests, as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from django.db import connection
from django.db.models import Model, QuerySet

from approvals.models import ApprovalRequest, AuditEvent, Decision, Delivery, Escalation

Row = Mapping[str, Any]
#: Rows by their key.
Table = Mapping[Any, Row]

_BIG: Final = ("arguments_schema", "context")


@dataclass(frozen=True)
class Records:
    """Every row of the tables that verbs write. `asked` says which group may decide which request."""

    requests: Table
    decisions: Table
    deliveries: Table
    events: Table
    escalations: Table
    asked: Table

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Yield the tables with their names."""
        yield from ((field.name, getattr(self, field.name)) for field in fields(self))

    def of(self, table: Table, request: Any) -> list[Row]:
        """Return the rows of ``table`` that belong to a request, oldest first."""
        return [row for row in table.values() if row["request_id"] == request]


def read_records() -> Records:
    """Read everything."""
    return Records(
        requests=_by_key(ApprovalRequest.objects.order_by("pk").defer(*_BIG)),
        decisions=_by_key(Decision.objects.order_by("decided_at")),
        deliveries=_by_key(Delivery.objects.order_by("pk")),
        events=_by_key(AuditEvent.objects.order_by("pk")),
        escalations=_by_key(Escalation.objects.order_by("due_at", "pk")),
        asked=_by_key(ApprovalRequest.groups.through.objects.order_by("pk")),
    )


def forget_everything() -> None:
    """Empty the tables; people, groups and agent services stay."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE approvals_approvalrequest CASCADE")


def differences(before: Records, after: Records) -> list[str]:
    """Say which rows are not as they were."""
    pairs = zip(before.tables(), after.tables(), strict=True)
    return [
        f"{name} {key} is not as it was: {old.get(key)} is now {new.get(key)}"
        for (name, old), (_, new) in pairs
        for key in old.keys() | new.keys()
        if old.get(key) != new.get(key)
    ]


def _by_key[M: Model](rows: QuerySet[M]) -> Table:
    return {row["id"]: row for row in rows.values()}
