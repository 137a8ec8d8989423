"""From a JSON schema to one of Django's form fields. An untouched field gives back exactly what it was made for."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django import forms
from pydantic import JsonValue

from approvals.forms.schema_parts import Schema, length_in, number_in

_LONG_TEXT: Final = 80
_CHOICE_WORDS: Final = {None: "not set"}


class VerbatimCharField(forms.CharField):
    """Text that comes back as it went out: a browser posts line breaks as CRLF, whatever they were."""

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
        if self._was is not None and _with_lf(text) == _with_lf(self._was):
            return self._was
        return text if "\r\n" in (self._was or "") else _with_lf(text)


def field_for(schema: Schema, value: JsonValue) -> forms.Field:
    """Return a field for a value, by its schema, or by the value itself where the schema is silent."""
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return _one_of([*choices, None] if _may_be_empty(schema, value) else choices, schema, value)
    make = _BY_TYPE.get(_type_of(schema, value), _json)
    return make(schema, value)


def _type_of(schema: Schema, value: JsonValue) -> str:
    """Return the type to make a field for; ``json`` unless the value is of the type that the schema tells."""
    of_value = {bool: "boolean", int: "integer", float: "number", str: "string"}.get(type(value), "json")
    named = schema.get("type") or of_value
    wanted = named if isinstance(named, str) else "json" if value is None else of_value
    if wanted in ("integer", "number") and of_value in ("integer", "number"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) < 1e15)
        return wanted if whole else "number"
    if value is not None and wanted != of_value:
        return "json"
    return str(schema["format"]) if wanted == "string" and schema.get("format") in ("date", "date-time") else wanted


def _may_be_empty(schema: Schema, value: JsonValue) -> bool:
    return value is None or schema.get("nullable") is True


def _one_of(choices: list[Any], schema: Schema, value: JsonValue) -> forms.Field:
    """Return a choice, the value before among the choices; JSON where their texts don't tell them apart."""
    offered = [value, *(choice for choice in choices if not _same(choice, value))]
    by_text = {"" if choice is None else str(choice): choice for choice in offered}
    scalars = all(choice is None or isinstance(choice, str | int | float) for choice in offered)
    if not scalars or any(not _same(by_text["" if one is None else str(one)], one) for one in offered):
        return _json(schema, value)
    in_order = [text for choice in choices for text, one in by_text.items() if _same(choice, one)]
    texts = dict.fromkeys([*in_order, *by_text])
    return forms.TypedChoiceField(
        required="" not in by_text,
        choices=[(text, _CHOICE_WORDS.get(by_text[text], text)) for text in texts],
        coerce=lambda text: by_text[text],
        empty_value=by_text.get(""),
    )


def _same(one: JsonValue, other: JsonValue) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _number(schema: Schema, value: JsonValue) -> forms.Field:
    return forms.FloatField(
        required=not _may_be_empty(schema, value),
        min_value=number_in(schema, "minimum"),
        max_value=number_in(schema, "maximum"),
        # Text, because a number input drops what it can't read: of 1.234,56 it would post 1.23456.
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _integer(schema: Schema, value: JsonValue) -> forms.Field:
    low, high = number_in(schema, "minimum"), number_in(schema, "maximum")
    options: dict[str, Any] = {"min_value": low, "max_value": high}
    return forms.IntegerField(required=not _may_be_empty(schema, value), **options)


def _string(schema: Schema, value: JsonValue) -> forms.Field:
    text, most = str(value or ""), length_in(schema, "maxLength")
    long = len(text) > _LONG_TEXT or not {"\n", "\r"}.isdisjoint(text) or (most or 0) > _LONG_TEXT * 5
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
    needed = bool(length_in(schema, "minLength"))
    return _text(schema, value, needed=needed, max_length=most, widget=widget)


def _text(schema: Schema, value: JsonValue, *, needed: bool, **options: Any) -> forms.Field:
    allowed_empty, was = _may_be_empty(schema, value), value if isinstance(value, str) else None
    return VerbatimCharField(
        was=was, nullable=schema.get("nullable") is True, required=needed and not allowed_empty, **options
    )


def _date(schema: Schema, value: JsonValue) -> forms.Field:
    # Text, not a date: the argument stays the string that it was, and the schema checks its form.
    widget = forms.DateInput(attrs={"type": "date"}) if _is_shown_by_date_inputs(value) else forms.TextInput()
    return _text(schema, value, needed=True, widget=widget)


def _is_shown_by_date_inputs(value: JsonValue) -> bool:
    try:
        return value is None or date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def _moment(schema: Schema, value: JsonValue) -> forms.Field:
    return _text(schema, value, needed=True)


def _boolean(schema: Schema, value: JsonValue) -> forms.Field:
    if _may_be_empty(schema, value):
        return _one_of([None, True, False], schema, value)
    return forms.BooleanField(required=False)


def _json(schema: Schema, value: JsonValue) -> forms.Field:
    return forms.JSONField(required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}))


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


_BY_TYPE: Final[dict[str, Callable[[Schema, JsonValue], forms.Field]]] = {
    "number": _number,
    "integer": _integer,
    "string": _string,
    "boolean": _boolean,
    "date": _date,
    "date-time": _moment,
}
