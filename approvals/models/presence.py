"""Who has a request open."""

from django.conf import settings
from django.db import models

from approvals.models.request import ApprovalRequest


class Presence(models.Model):
    """One open page: `socket` is its connection. A page whose process died stops renewing `seen_at`."""

    socket = models.CharField(primary_key=True, max_length=100)
    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} looks at #{self.request_id}"
