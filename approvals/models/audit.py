"""The record: what happened to a request, who did it, when, and with what."""

from django.db import models

from approvals.models.request import ApprovalRequest
from approvals.models.verbatim import VerbatimJSONField


class AuditEvent(models.Model):
    """One line of the record. The database refuses to change or delete it (see the second migration).

    `actor` is ``user:<name>``, ``agent:<service>`` or ``courier``; `code` is dotted, such as ``request.approved``;
    `status_from` and `status_to` are set when the event changed the request's status.
    """

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    code = models.CharField(max_length=60)
    status_from = models.CharField(max_length=10, blank=True)
    status_to = models.CharField(max_length=10, blank=True)
    data = VerbatimJSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.code} by {self.actor}"
