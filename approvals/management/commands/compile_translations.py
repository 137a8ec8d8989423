"""`manage.py compile_translations`: makes what Django reads of the catalogues."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from approvals.catalogues.files import compile_all


class Command(BaseCommand):
    """Compiles the catalogues that have changed."""

    help = "Compiles the catalogues of translations that have changed; no gettext tools are needed."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile."""
        for folder in settings.LOCALE_PATHS:
            compile_all(Path(folder))
