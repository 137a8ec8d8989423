"""The operators' console as a Django app."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate


def make_roles_with_the_tables(using: str, **_: Any) -> None:
    """Make the roles once the permissions that they bundle are there; those of one app come after the other's."""
    from operations.services.roles import make_roles

    for name in ("approvals", "operations"):
        create_permissions(apps.get_app_config(name), verbosity=0, using=using)
    make_roles(using=using)


class OperationsConfig(AppConfig):
    """The operators' console."""

    name = "operations"

    def ready(self) -> None:
        """Have the roles made with the tables: there is nothing to set up before an operator is let in."""
        post_migrate.connect(make_roles_with_the_tables, sender=self)
