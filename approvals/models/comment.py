"""What people say to each other about a request before somebody decides."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from approvals.models.request import ApprovalRequest


class Comment(models.Model):
    """One entry of a request's thread. It keeps the request pending, and the agent never sees it.

    Somebody whom it is addressed to finds the request among theirs until they answer, at `answered_at`.
    """

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="comments_to_answer"
    )
    text = models.TextField()
    written_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "id"]
        indexes = [
            models.Index(
                fields=["addressee", "request"],
                name="comment_open",
                condition=Q(answered_at=None, addressee__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.author} on #{self.request_id}"
