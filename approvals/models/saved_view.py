"""Questions to the inbox that people want to ask again."""

from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse

from approvals.rules.queue_query import QueueQuery


class SavedView(models.Model):
    """A queue with its filters under a name; personal, or shared with a team.

    `query` is the query string of the inbox's address, as `rules.queue_query` writes it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(Group, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2_000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_an_owner_and_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that shows it."""
        return f"{reverse('approvals:inbox')}?{self.query}"

    @property
    def question(self) -> QueueQuery:
        """What it asks the inbox for."""
        return QueueQuery.read(dict(parse_qsl(self.query)))
