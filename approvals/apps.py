"""The inbox as a Django app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The inbox."""

    name = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
