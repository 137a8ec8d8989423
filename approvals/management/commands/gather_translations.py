"""`manage.py gather_translations`: brings the catalogues up to date with code and templates."""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management.base import BaseCommand

from approvals.catalogues.files import compile_all, read, untranslated, write
from approvals.catalogues.gathering import gather, updated


class Command(BaseCommand):
    """Gathers what there is to translate, and says how much of it is still missing in each language."""

    help = "Adds new texts to each language's catalogue, takes out what is gone, and compiles them."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Gather; a language of LANGUAGES without a catalogue gets one."""
        folder = Path(settings.LOCALE_PATHS[0])
        for code, name in settings.LANGUAGES:
            if code == settings.LANGUAGE_CODE:
                continue
            path = folder / code / "LC_MESSAGES" / "django.po"
            old = read(path) if path.exists() else Catalog(code, domain="django", charset="utf-8", fuzzy=False)
            catalogue = updated(old, gather(settings.BASE_DIR))
            write(path, catalogue)
            self.stdout.write(f"{name}: {len(catalogue)} texts, {len(untranslated(catalogue))} without translation")
        compile_all(folder)
