"""Which groups decide a request, and what their queues are sorted by."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from approvals.models.known_tool import KnownTool


class RequestGroup(models.Model):
    """A request in the queues of one group.

    Everything below `group` is the request's and kept by the database (see the fifth migration): what queues are sorted
    and narrowed by. So a page of a group's queue is a short read of an index, however many requests there are or were.

    `due_at` is the deadline, or the end of time for a request without one; `risk_rank` is 0 for the highest; `tool` is
    the group's own entry of the agent's tool.
    """

    request = models.ForeignKey("ApprovalRequest", on_delete=models.CASCADE, db_column="approvalrequest_id")
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    due_at = models.DateTimeField(null=True, editable=False)
    risk_rank = models.PositiveSmallIntegerField(null=True, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    tool = models.ForeignKey(KnownTool, null=True, editable=False, on_delete=models.RESTRICT)
    status = models.CharField(max_length=10, null=True, editable=False)  # noqa: DJ001 - null until the database fills it
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        db_table = "approvals_approvalrequest_groups"
        constraints = [models.UniqueConstraint(fields=["request", "group"], name="a_group_decides_a_request_once")]
        indexes = [
            models.Index(fields=["group", "due_at", "request"], name="queue_by_deadline", condition=Q(settled_at=None)),
            models.Index(fields=["group", "risk_rank", "request"], name="queue_by_risk", condition=Q(settled_at=None)),
            models.Index(fields=["group", "request"], name="queue_by_age", condition=Q(settled_at=None)),
            models.Index(
                fields=["group", "-settled_at", "-request"], name="queue_decided", condition=~Q(settled_at=None)
            ),
            models.Index(
                fields=["group", "status", "-settled_at", "-request"],
                name="queue_by_outcome",
                condition=~Q(settled_at=None),
            ),
            models.Index(fields=["group", "-request"], name="queue_of_everything"),
        ]

    def __str__(self) -> str:
        return f"#{self.request_id} for {self.group_id}"
