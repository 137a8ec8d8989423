"""Which groups' queues requests stand in."""

from collections.abc import Iterable

from django.contrib.auth.models import Group

from approvals.models import ApprovalRequest, RequestGroup


def put_into_queues(asked: Iterable[tuple[ApprovalRequest, Group]]) -> None:
    """Put requests into queues of groups that they don't stand in yet."""
    rows = [RequestGroup(request=request, group=group) for request, group in asked]
    # Each may be the first with its tool in a queue, which others that add the same wait for: so all in one order.
    rows.sort(key=lambda row: (row.group_id, row.request.agent, row.request.tool))
    RequestGroup.objects.bulk_create(rows)
