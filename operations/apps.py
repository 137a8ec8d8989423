"""The operators' console as a Django app."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The operators' console."""

    name = "operations"
