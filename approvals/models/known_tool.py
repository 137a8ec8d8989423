"""What a group is asked about: the agents and tools to filter its queues by."""

from django.contrib.auth.models import Group
from django.db import models


class KnownTool(models.Model):
    """An agent's tool that has asked a group. The database adds it with a group's first request (fifth migration)."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="known_tools")
    agent = models.CharField(max_length=200)
    tool = models.CharField(max_length=200)

    class Meta:
        ordering = ["agent", "tool"]
        constraints = [models.UniqueConstraint(fields=["group", "agent", "tool"], name="a_group_knows_a_tool_once")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.tool}"
