"""``manage.py demo_users``: the people of the embedded default."""

import os
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "reviewer": ("finance", settings.DEFAULT_GROUP),
    "second-reviewer": ("finance", settings.DEFAULT_GROUP),
    "viewer": ("console-viewers",),
    "operator": ("console-operators",),
    "requester": (),
    "admin": (),
}


class Command(BaseCommand):
    """Make the demo users and groups, with one password; for a machine of one's own and nothing else."""

    help = "Make the demo users (password in COUNTERSIGN_DEMO_PASSWORD). For the embedded default only."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make whoever is missing."""
        if os.environ.get("COUNTERSIGN_DEMO") != "true":
            raise CommandError("Demo users are for the embedded default alone: it sets COUNTERSIGN_DEMO=true.")
        password = os.environ.get("COUNTERSIGN_DEMO_PASSWORD", "")
        if not password:
            raise CommandError("COUNTERSIGN_DEMO_PASSWORD is not set.")
        for username, groups in _GROUPS.items():
            user, _ = User.objects.get_or_create(username=username)
            if not user.check_password(password):
                user.set_password(password)
            user.is_staff = user.is_superuser = username == "admin"
            user.save()
            user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
