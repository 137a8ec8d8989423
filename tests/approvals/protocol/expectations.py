"""Who may decide, and what may be acted upon, worked out from the records: a second opinion on the inbox's own."""

from itertools import takewhile
from uuid import UUID

from django.contrib.auth.models import User

from approvals.rules.lifecycle import Status
from tests.approvals.protocol.records import Records, Row


def may_decide(records: Records, request: int, person: User) -> bool:
    """Tell whether a person may decide a request now, on a page that is up to date."""
    row = records.requests[request]
    asked = {link["group_id"] for link in records.asked.values() if link["request_id"] == request}
    is_asked = not asked.isdisjoint(person.groups.values_list("pk", flat=True))
    has_approved = person.pk in {ballot["reviewer_id"] for ballot in counted_approvals(records, request)}
    return row["status"] == Status.PENDING and is_asked and person.username != row["requester"] and not has_approved


def may_go(records: Records, request: int, signed: UUID) -> bool:
    """Tell whether an agent may act on a signed decision now."""
    settling = [row for row in records.of(records.decisions, request) if row["settles"]]
    finished = any(row["finished_at"] for row in records.of(records.deliveries, request))
    is_latest = records.requests[request]["superseded_by_id"] is None
    return [row["kept_from_id"] or row["id"] for row in settling] == [signed] and is_latest and not finished


def counted_approvals(records: Records, request: int) -> list[Row]:
    """Return the approvals one after another to the same arguments, the last one first."""
    approvals = [
        row
        for row in records.of(records.decisions, request)
        if row["outcome"] == "approved" and row["taken_back_at"] is None
    ]
    return list(takewhile(lambda row: row["digest"] == approvals[-1]["digest"], reversed(approvals)))
