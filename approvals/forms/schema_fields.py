"""From a JSON schema to one of Django's form fields. An untouched field gives back exactly what it was made for."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from pydantic import JsonValue

from approvals.forms.fields import PickedField, TypedJsonField, VerbatimCharField, can_be_posted, visible
from approvals.forms.schema_parts import Schema, length_in, number_in
from approvals.rules.changes import MISSING, Missing

#: More than these are typed, not chosen; the schema still checks them.
MOST_CHOICES: Final = 200
_MOST_RADIOS: Final = 4
_LONGEST_RADIO: Final = 40
_LONG_TEXT: Final = 80

type Start = JsonValue | Missing


def field_for(schema: Schema, value: Start) -> forms.Field:
    """Return a field for a value, by its schema, or by the value itself where the schema is silent.

    Args:
        value: what it was before editing; `MISSING` for one that is new.
    """
    choices = schema.get("enum")
    if isinstance(choices, list) and 0 < len(choices) <= MOST_CHOICES:
        return _one_of([*choices, None] if _may_be_empty(schema, value) else choices, schema, value)
    make = _BY_TYPE.get(_type_of(schema, value), json_field)
    return make(schema, value)


def choices_field(items: Schema, value: Start) -> PickedField | None:
    """Return a field that picks some of an enum's values; None where picking can't say what the value is."""
    choices = items.get("enum")
    if not isinstance(choices, list) or not 0 < len(choices) <= MOST_CHOICES:
        return None
    by_text: dict[str, JsonValue] = {str(choice): choice for choice in choices if isinstance(choice, str | int)}
    was = value if isinstance(value, list) else []
    known = all(_same(by_text.get(str(one)), one) for one in was) and len({str(one) for one in was}) == len(was)
    told_apart = len(by_text) == len(choices) and all(map(can_be_posted, by_text))
    return PickedField(was=was, by_text=by_text) if known and told_apart else None


def _type_of(schema: Schema, value: Start) -> str:
    """Return the type to make a field for; ``json`` unless the value is of the type that the schema tells."""
    of_value = {bool: "boolean", int: "integer", float: "number", str: "string"}.get(type(value), "json")
    named = schema.get("type") or of_value
    wanted = named if isinstance(named, str) else "json" if value is None else of_value
    if value is MISSING:
        return _format_of(schema, wanted)
    if wanted in ("integer", "number") and of_value in ("integer", "number"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) < 1e15)
        return wanted if whole else "number"
    if value is not None and wanted != of_value:
        return "json"
    return _format_of(schema, wanted)


def _format_of(schema: Schema, wanted: str) -> str:
    return str(schema["format"]) if wanted == "string" and schema.get("format") in ("date", "date-time") else wanted


def _may_be_empty(schema: Schema, value: Start) -> bool:
    return value is None or schema.get("nullable") is True


def _one_of(choices: list[Any], schema: Schema, value: Start) -> forms.Field:
    """Return a choice, the value before among the choices; JSON where what a browser posts can't tell them apart."""
    before = [] if value is MISSING else [value]
    offered = [*before, *(choice for choice in choices if not any(_same(choice, one) for one in before))]
    by_text = {"" if choice is None else str(choice): choice for choice in offered}
    scalars = all(choice is None or isinstance(choice, str | int | float) for choice in offered)
    told_apart = all(_same(by_text["" if one is None else str(one)], one) for one in offered)
    if not (scalars and told_apart and all(map(can_be_posted, by_text))):
        return json_field(schema, value)
    in_order = [_text_of(choice, value) for choice in choices]
    texts = dict.fromkeys([*in_order, *by_text])
    labels = [(text, visible(text) if by_text[text] is not None else _("not set")) for text in texts]
    if value is MISSING and "" not in by_text:
        labels.insert(0, ("", _("choose…")))
    return forms.TypedChoiceField(
        required="" not in by_text,
        choices=labels,
        coerce=lambda text: by_text[text],
        empty_value=by_text.get(""),
        widget=forms.RadioSelect() if value is not MISSING and _are_few(labels) else forms.Select(),
    )


def _text_of(choice: Any, value: Start) -> str:
    """Return what stands for a choice: for the one that it was, the text of what it was."""
    one = value if value is not MISSING and _same(choice, value) else choice
    return "" if one is None else str(one)


def _are_few(labels: list[tuple[str, str]]) -> bool:
    return len(labels) <= _MOST_RADIOS and all(len(label) <= _LONGEST_RADIO for _text, label in labels)


def _same(one: Start, other: Start) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _number(schema: Schema, value: Start) -> forms.Field:
    return forms.FloatField(
        required=not _may_be_empty(schema, value),
        min_value=number_in(schema, "minimum"),
        max_value=number_in(schema, "maximum"),
        # Text, because a number input drops what it can't read: of 1.234,56 it would post 1.23456.
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _integer(schema: Schema, value: Start) -> forms.Field:
    low, high = number_in(schema, "minimum"), number_in(schema, "maximum")
    options: dict[str, Any] = {"min_value": low, "max_value": high}
    return forms.IntegerField(required=not _may_be_empty(schema, value), **options)


def _string(schema: Schema, value: Start) -> forms.Field:
    text, most = value if isinstance(value, str) else "", length_in(schema, "maxLength")
    long = len(text) > _LONG_TEXT or not {"\n", "\r"}.isdisjoint(text) or (most or 0) > _LONG_TEXT * 5
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
    needed = bool(length_in(schema, "minLength"))
    return _text(schema, value, needed=needed, max_length=most, widget=widget)


def _text(schema: Schema, value: Start, *, needed: bool, **options: Any) -> forms.Field:
    allowed_empty = _may_be_empty(schema, value)
    was = value if isinstance(value, str) else "" if value is MISSING else None
    return VerbatimCharField(
        was=was, nullable=schema.get("nullable") is True, required=needed and not allowed_empty, **options
    )


def _date(schema: Schema, value: Start) -> forms.Field:
    # Text, not a date: the argument stays the string that it was, and the schema checks its form.
    widget = forms.DateInput(attrs={"type": "date"}) if _is_shown_by_date_inputs(value) else forms.TextInput()
    return _text(schema, value, needed=True, widget=widget)


def _is_shown_by_date_inputs(value: Start) -> bool:
    try:
        return value is None or value is MISSING or date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def _moment(schema: Schema, value: Start) -> forms.Field:
    return _text(schema, value, needed=True)


def _boolean(schema: Schema, value: Start) -> forms.Field:
    if _may_be_empty(schema, value):
        return _one_of([None, True, False], schema, value)
    return forms.BooleanField(required=False)


def json_field(schema: Schema, value: Start) -> forms.Field:
    """Return a field for any value at all."""
    return TypedJsonField(required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}))


_BY_TYPE: Final[dict[str, Callable[[Schema, Start], forms.Field]]] = {
    "number": _number,
    "integer": _integer,
    "string": _string,
    "boolean": _boolean,
    "date": _date,
    "date-time": _moment,
}
