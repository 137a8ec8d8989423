"""Who may announce requests: agent services with a token."""

from django.db import models


class AgentService(models.Model):
    """A process that hosts agents. Its token is kept as a SHA-256 hash; it can announce and never decide."""

    name = models.CharField(max_length=100, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
