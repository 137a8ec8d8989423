"""How people are called on pages, in decisions and in the record."""

from django.contrib.auth.models import User


def display_name(user: User) -> str:
    """Return a person's full name, or the name they sign in with."""
    return user.get_full_name() or user.username
