"""How every verb locks, changes a status and writes the record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, AuditEvent, Delivery
from approvals.rules.lifecycle import Status, check_status

COURIER = "courier"

#: What of a request can be large, and is read only where it is needed.
LARGE: Final = ("context", "arguments", "arguments_schema", "reason")

#: What an audit event says besides its code: JSON.
Data = Mapping[str, Any]


def by_user(user: User) -> str:
    """Return the audit actor for a person."""
    return f"user:{user.username}"


def lock(request_id: int) -> ApprovalRequest:
    """Return the request, its row locked until the transaction ends.

    Raises:
        ApprovalRequest.DoesNotExist: there is none.
    """
    return ApprovalRequest.objects.select_for_update().defer("context", "reason").get(pk=request_id)


def lock_announced(agent_service: AgentService, awakeable_id: str) -> ApprovalRequest:
    """Return the locked request that this service announced, without its context.

    Raises:
        ApprovalRequest.DoesNotExist: it announced no such request.
    """
    requests = ApprovalRequest.objects.select_for_update().defer(*LARGE)
    return requests.get(awakeable_id=awakeable_id, announced_by=agent_service)


def save_deliveries(deliveries: Sequence[Delivery], names: Sequence[str]) -> None:
    """Save fields, by their names, of many rows: ``bulk_update`` takes longer to write its statement than it runs."""
    if not deliveries:
        return
    known = {field.name: field for field in Delivery._meta.concrete_fields}
    fields = [known[name] for name in names]
    columns = ", ".join(f"{field.column} = %s" for field in fields)
    rows = [
        [*(field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields), one.pk]
        for one in deliveries
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {Delivery._meta.db_table} SET {columns} WHERE id = %s", rows)  # noqa: S608 - no input


def record(
    request: ApprovalRequest, *, actor: str, code: str, at: datetime | None = None, data: Data | None = None
) -> None:
    """Write an audit event, of now or of ``at``; with the commit, the database tells the viewers of it."""
    AuditEvent.objects.create(request=request, actor=actor, code=code, at=at or timezone.now(), data=data or {})


def change_status(
    request: ApprovalRequest,
    new: Status,
    *,
    actor: str,
    code: str = "",
    at: datetime | None = None,
    data: Data | None = None,
) -> None:
    """Take a locked request to another status, with its audit event.

    A request that is pending again is compared with the engine at once. One that is settled keeps its time for that:
    the courier looks once more whether its run was restarted from another, and then no more.

    Args:
        code: of the event; ``request.<new>``, or ``decision.taken_back`` when it is pending again, unless given.

    Raises:
        IllegalTransition: the lifecycle table does not allow it.
    """
    old = Status(request.status)
    check_status(old, new)
    at = at or timezone.now()
    pending = new is Status.PENDING
    request.status, request.settled_at = new, None if pending else at
    if pending:
        request.check_at = at
    # Nobody takes care of what is settled, or of what they have just taken back.
    request.claimed_by, request.claimed_at = None, None
    fields = ["status", "settled_at", "claimed_by", "claimed_at"]
    request.save(update_fields=[*fields, *(["check_at"] if pending else [])])
    AuditEvent.objects.create(
        request=request,
        actor=actor,
        code=code or ("decision.taken_back" if pending else f"request.{new}"),
        at=at,
        status_from=old,
        status_to=new,
        data=data or {},
    )
