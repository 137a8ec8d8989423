"""The parts of the console, as its pages name them."""

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.presentation.choices import Words
from operations.rules.roles import Permission


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the console.

    Attributes:
        view: the name of its page among the console's routes.
        pages: the names of the pages that belong to it.
    """

    view: str
    label: Words
    permission: Permission
    pages: frozenset[str] = frozenset()


_SECTIONS: Final = [
    Section(
        "runs", _("Runs"), Permission.VIEW_RUN, frozenset({"run", "payloads", "steer", "hold", "unhold", "together"})
    ),
    Section("waits", _("Waits"), Permission.VIEW_RUN, frozenset({"wait", "settle"})),
    Section(
        "deployments",
        _("Deployments"),
        Permission.VIEW_RUN,
        frozenset({"deployment", "guide", "register", "remove"}),
    ),
    Section("sessions", _("Sessions"), Permission.VIEW_RUN, frozenset({"session", "state", "value"})),
    Section("playground", _("Playground"), Permission.CALL_HANDLER, frozenset({"call", "talk"})),
    Section("record", pgettext_lazy("operators", "Record"), Permission.VIEW_RECORD),
    Section("health", _("Health"), Permission.VIEW_RUN),
]


def sections_for(user: User) -> list[Section]:
    """Return the parts that ``user`` may see."""
    return [section for section in _SECTIONS if user.has_perm(section.permission)]
