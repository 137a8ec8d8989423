"""How the courier last saw the engine."""

from django.db import models


class EngineSight(models.Model):
    """One row: when a courier looked at Restate last, and since when it is away, if it is.

    Pages read it, so that no page has to ask the engine whether it is there.
    """

    looked_at = models.DateTimeField()
    away_since = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_sight_of_the_engine")]

    def __str__(self) -> str:
        return f"away since {self.away_since}" if self.away_since else "there"
