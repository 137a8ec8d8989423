"""How somebody likes the pages."""

from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.errors import InvalidInput
from approvals.models import Preferences

#: What a theme can be; empty is the system's.
THEMES: Final = ("", "light", "dark")


def prefer(*, user: User, language: str | None = None, theme: str | None = None) -> None:
    """Keep a choice; empty gives it back to the browser or the system, None leaves it as it is.

    Raises:
        InvalidInput: there is no such language or theme.
    """
    if language is not None and language not in ("", *dict(settings.LANGUAGES)):
        raise InvalidInput("language", "there is no such language here")
    if theme is not None and theme not in THEMES:
        raise InvalidInput("theme", "there is no such theme")
    wishes = {"language": language, "theme": theme}
    chosen = {name: value for name, value in wishes.items() if value is not None}
    Preferences.objects.update_or_create(user=user, defaults=chosen)


def dismiss_hints(*, user: User) -> None:
    """Show the hints for newcomers to this person no more."""
    Preferences.objects.update_or_create(user=user, defaults={"hints_dismissed_at": timezone.now()})
