"""Form fields that give back exactly what they were made for while nobody touches them."""

import html
from typing import Any, Final

from django import forms
from django.forms.fields import InvalidJSONInput
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from pydantic import JsonValue

from approvals.presentation.text import reveal
from restate_bridge.contract import UnserialisableArguments, canonical_json

# What a browser posts as something else.
_UNSTABLE: Final = frozenset("\r\n\x00")


class VerbatimCharField(forms.CharField):
    """Text that comes back as it went out.

    A browser posts line breaks as CRLF, whatever they were, and U+FFFD in the place of a NUL.
    """

    def __init__(self, *, was: str | None, nullable: bool = False, **options: Any) -> None:
        """Make the field; ``was`` is the text before editing, and ``nullable`` lets emptied text be None."""
        empty = None if was is None or (nullable and was) else ""
        super().__init__(strip=False, empty_value=empty, **options)
        self._was = was

    def to_python(self, value: Any) -> Any:
        """Return the text with the line breaks that it had."""
        text = super().to_python(value)
        if not isinstance(text, str) or not text:
            return text
        if self._was is not None and _by_browser(text) == _by_browser(self._was):
            return self._was
        return text if "\r\n" in (self._was or "") else _with_lf(text)

    def run_validators(self, value: Any) -> None:
        """Check what was typed; text that stays as it was may hold what nobody can type, and the schema checks it."""
        if value != self._was:
            super().run_validators(value)


class TypedJsonField(forms.JSONField):
    """JSON as somebody types it: however deep or long it is, it is either read or refused."""

    def to_python(self, value: Any) -> Any:
        """Return what the text stands for."""
        try:
            read = super().to_python(value)
            canonical_json(read)
        except UnserialisableArguments as error:
            raise forms.ValidationError(_("a value can't be written exactly as JSON"), "invalid") from error
        except (RecursionError, ValueError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid", {"value": "…"}) from error
        return read

    def run_validators(self, value: Any) -> None:
        """Let every value through: JSON has a way to write a NUL, and the schema checks the rest."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what was typed, to be shown as it was typed: read and written anew it could be what no page can hold.

        Such as half a character, or more levels than can be read.
        """
        return None if data is None else InvalidJSONInput(data)


class PickedField(forms.MultipleChoiceField):
    """Some of the choices, those that were picked before in the order that they had."""

    def __init__(self, *, was: list[JsonValue], by_text: dict[str, JsonValue], **options: Any) -> None:
        """Make the field; ``was`` are the values before editing, ``by_text`` all that there are."""
        choices = [(text, visible(text)) for text in by_text]
        super().__init__(required=False, choices=choices, widget=forms.CheckboxSelectMultiple(), **options)
        self._was, self._by_text = [str(value) for value in was], by_text

    @property
    def size(self) -> int:
        """How many there are to pick from."""
        return len(self._by_text)

    def clean(self, value: Any) -> list[JsonValue]:
        """Return the values."""
        picked = super().clean(value)
        kept = [text for text in self._was if text in picked]
        added = [text for text in self._by_text if text in picked and text not in kept]
        return [self._by_text[text] for text in [*kept, *added]]


def visible(text: str) -> str:
    """Return a text for where there can be no HTML, such as an option: what it hides is shown by its number."""
    return html.unescape(strip_tags(reveal(text)))


def can_be_posted(text: str) -> bool:
    """Tell whether a browser posts a text as the page gave it."""
    return _UNSTABLE.isdisjoint(text)


def _by_browser(text: str) -> str:
    return _with_lf(text).replace("\x00", "\ufffd")


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
