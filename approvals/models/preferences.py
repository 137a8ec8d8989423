"""How somebody likes the inbox."""

from django.conf import settings
from django.db import models


class Preferences(models.Model):
    """One person's choices; empty means that the browser's or the system's wish counts.

    `theme` is ``light`` or ``dark``; `hints_dismissed_at` is when they had seen enough of the hints for newcomers.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="preferences"
    )
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    hints_dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"preferences of {self.user}"
