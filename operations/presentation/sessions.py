"""Sessions in words, rows and links."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from approvals.presentation.choices import Choice, Menu, Words
from operations.presentation.stored import Stored, stored
from operations.rules.session_query import Those
from operations.selectors.session import MOST_NAMES, SessionView, is_conversation
from operations.selectors.sessions import SessionsPage

_THOSE: Final[Mapping[Those, Words]] = {
    Those.ALL: pgettext_lazy("sessions", "All"),
    Those.BUSY: pgettext_lazy("sessions", "Something goes on"),
    Those.TALKS: pgettext_lazy("sessions", "Conversations"),
}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value of a session.

    Attributes:
        id: tells it from others, and from what it was before: a fold of the page that is open stays so only as long
            as the value does.
        size: in words.
        shown: None for what may not be shown, is too large, or is a conversation.
        is_conversation: a conversation is shown as one, and not among the values.
    """

    name: str
    id: str
    size: str
    shown: Stored | None = None
    is_conversation: bool = False


def session_address(service: str, key: str, page: str = "session", **more: str) -> str:
    """Return the address of a session, or of one of its pages. A key is any text, so it stands in the query."""
    arguments = [more.pop("verb")] if "verb" in more else []
    return f"{reverse(f'operations:{page}', args=arguments)}?{urlencode({'service': service, 'key': key, **more})}"


def tabs_for(page: SessionsPage) -> list[Choice]:
    """Return which sessions can be chosen."""
    query = page.query
    return [Choice(_THOSE[those], query.changed(those=those).written(), chosen=those is query.those) for those in Those]


def menus_for(page: SessionsPage) -> list[Menu]:
    """Return the filters; none where there is nothing to choose."""
    query = page.query
    choices = [
        Choice(name, query.changed(service="" if name == query.service else name).written(), name == query.service)
        for name in page.services
    ]
    return [Menu("service", _("Service"), choices)] if len(choices) > 1 else []


def chips_for(page: SessionsPage) -> list[Choice]:
    """Return what narrows the list, each as a link that takes it away."""
    return [
        Choice(
            _("“%(words)s”") % {"words": value} if name == "q" else value, page.query.changed(**{name: ""}).written()
        )
        for name, value in page.query.filters.items()
    ]


def value_rows(view: SessionView) -> list[ValueRow]:
    """Return a session's values, by name."""
    return [_row(value.name, value.size, _beside(value.name, view)) for value in view.names[:MOST_NAMES]]


def size_in_words(size: int) -> str:
    """Return a number of bytes in words."""
    return filesizeformat(size)


def _beside(name: str, view: SessionView) -> bytes | None:
    return None if is_conversation(name) else view.values.get(name)


def _row(name: str, size: int, value: bytes | None) -> ValueRow:
    told_apart = sha256(f"{name}\0".encode(errors="replace") + (value or b"")).hexdigest()[:16]
    return ValueRow(
        name,
        f"value-{told_apart}",
        size_in_words(size),
        None if value is None else stored(value).beginning,
        is_conversation(name),
    )
