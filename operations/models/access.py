"""What operators are allowed to do."""

from django.db import models


class ConsoleAccess(models.Model):  # noqa: DJ008 - there are no instances
    """No table: what operators are allowed to do, as Django permissions. `operations.rules.roles` bundles them."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("view_run", "Can see runs, sessions, deployments and health"),
            ("view_payload", "Can see what runs and sessions hold; looking is recorded"),
            ("steer_run", "Can pause, resume, cancel, kill, restart and purge runs, and move them to other code"),
            ("settle_wait", "Can resolve and reject waits that nobody announced"),
            ("call_handler", "Can send calls to handlers"),
            ("edit_state", "Can change and clear the state of sessions"),
            ("manage_deployment", "Can register and remove deployments"),
        ]
