"""Not now: a request that one person does not want to see for a while."""

from django.conf import settings
from django.db import models

from approvals.models.request import ApprovalRequest


class Snooze(models.Model):
    """Hides a request from one person's queue until `until`; for everybody else nothing changes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snoozes")
    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "request"], name="one_snooze_a_person_and_request")]

    def __str__(self) -> str:
        return f"#{self.request_id} until {self.until}"
