"""What happens while nobody decides: others are asked, and people are reminded."""

from django.db import models

from approvals.models.request import ApprovalRequest


class Escalation(models.Model):
    """One stage on the way to the deadline, carried out by the courier at `due_at` if the request still waits.

    The request's `escalates_at` is the `due_at` of the first that was not carried out yet.

    `groups` may decide from then on, besides those who may already; `remind` are the groups that are reminded, empty
    for all who may decide. Both are names of groups.
    """

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="escalations")
    due_at = models.DateTimeField()
    groups = models.JSONField(default=list)
    remind = models.JSONField(default=list)
    carried_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]

    def __str__(self) -> str:
        return f"escalation of #{self.request_id} at {self.due_at}"
