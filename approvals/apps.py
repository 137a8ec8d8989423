"""The inbox as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate

from restate_bridge.contract import KeyFormatError, use_journal_keys


def make_default_group(using: str, **_: Any) -> None:
    """Make the group that is asked when an agent names none, unless it is there."""
    from django.contrib.auth.models import Group

    Group.objects.using(using).get_or_create(name=settings.DEFAULT_GROUP)


class ApprovalsConfig(AppConfig):
    """The inbox."""

    name = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the default group made with the tables, and what Restate keeps sealed.

        A request for a group that is not there is refused.

        Raises:
            ImproperlyConfigured: the file of journal keys can't be read, or does not hold what it should.
        """
        post_migrate.connect(make_default_group, sender=self)
        try:
            use_journal_keys(settings.JOURNAL_KEYS_FILE)
        except (OSError, KeyFormatError) as error:
            raise ImproperlyConfigured(f"COUNTERSIGN_JOURNAL_KEYS_FILE: {error}") from error
