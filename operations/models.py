"""The console keeps nothing of its own yet; this model carries its permissions."""

from django.db import models


class ConsoleAccess(models.Model):  # noqa: DJ008 - there are no instances
    """No table: what operators are allowed to do, as Django permissions."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_run", "Can see runs and their journals")]
