"""What the templates of sessions need: thin, the work is done in `operations.presentation`."""

from hashlib import sha256

from django import template

from operations.presentation.sessions import session_address, size_in_words
from operations.selectors import session_places
from restate_bridge.sessions import SessionPlace

register = template.Library()

register.filter("size_words", size_in_words)
register.simple_tag(session_address)


@register.filter
def as_session_address(place: SessionPlace) -> str:
    """Return where a page of sessions begins, as its address holds it."""
    return session_places.written(place)


@register.filter
def token(text: str) -> str:
    """Return what tells a text from any other, for the id of a fold: one that is open stays so as long as its text."""
    return sha256(text.encode(errors="replace")).hexdigest()[:12]
