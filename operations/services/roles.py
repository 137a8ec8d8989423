"""The console's roles, as groups of people."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from operations.rules.roles import ROLES


def make_roles(*, using: str, **_: Any) -> None:
    """Make the groups of the roles that are not there. One that is there keeps what an administrator made of it."""
    for name, allowed in ROLES.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        if is_new:
            group.permissions.set(_rows(using, allowed))


def _rows(using: str, allowed: frozenset[str]) -> list[Permission]:
    any_of = Q()
    for app, codename in (permission.split(".") for permission in allowed):
        any_of |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.using(using).filter(any_of))
