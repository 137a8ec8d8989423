"""From a JSON schema to one of Django's form fields."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from pydantic import JsonValue

Schema = Mapping[str, Any]
_LONG_TEXT: Final = 80


class VerbatimCharField(forms.CharField):
    """Text that comes back as it went out: a browser posts line breaks as CRLF, whatever they were."""

    def __init__(self, *, was: str, **options: Any) -> None:
        """Make the field; ``was`` is the text before editing."""
        super().__init__(strip=False, **options)
        self._keeps_crlf = "\r" in was

    def to_python(self, value: Any) -> Any:
        """Return the text with the line breaks that it had."""
        text = super().to_python(value)
        return text if self._keeps_crlf or not isinstance(text, str) else text.replace("\r\n", "\n")


def schema_at(schema: Schema, path: str) -> Schema:
    """Return the part of an object schema that describes a dotted path; empty when it says nothing."""
    part = _resolved(schema, schema)
    for step in path.split("."):
        inside = part.get("items", {}) if step.isdigit() else part.get("properties", {}).get(step, {})
        part = _resolved(schema, inside)
    return part


def field_for(schema: Schema, value: JsonValue) -> forms.Field:
    """Return a field for a value, by its schema, or by the value itself where the schema is silent."""
    if "enum" in schema:
        return forms.TypedChoiceField(
            choices=[(str(choice), str(choice)) for choice in schema["enum"]],
            coerce=lambda text: next(choice for choice in schema["enum"] if str(choice) == text),
        )
    make = _BY_TYPE.get(_type_of(schema, value), _json)
    return make(schema, value)


def _resolved(root: Schema, part: Schema) -> Schema:
    """Follow a local reference, and take the one real member of ``anyOf: [X, null]``."""
    if reference := str(part.get("$ref", "")):
        target: Any = root
        for step in reference.removeprefix("#/").split("/"):
            target = target.get(step, {})
        return _resolved(root, {**target, **{key: part[key] for key in part if key != "$ref"}})
    members = [member for member in part.get("anyOf", []) if member.get("type") != "null"]
    return _resolved(root, {**part, **members[0], "anyOf": []}) if len(members) == 1 else part


def _type_of(schema: Schema, value: JsonValue) -> str:
    if schema.get("format") in ("date", "date-time"):
        return str(schema["format"])
    known = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return str(schema.get("type") or known.get(type(value), "json"))


def _number(schema: Schema, value: JsonValue) -> forms.Field:
    field = forms.FloatField(min_value=schema.get("minimum"), max_value=schema.get("maximum"))
    field.widget.attrs |= {"step": "any", "inputmode": "decimal"}
    return field


def _integer(schema: Schema, value: JsonValue) -> forms.Field:
    return forms.IntegerField(min_value=schema.get("minimum"), max_value=schema.get("maximum"))


def _string(schema: Schema, value: JsonValue) -> forms.Field:
    long = len(str(value or "")) > _LONG_TEXT or "\n" in str(value or "") or schema.get("maxLength", 0) > _LONG_TEXT * 5
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
    return VerbatimCharField(
        required=schema.get("minLength", 0) > 0, max_length=schema.get("maxLength"), widget=widget, was=str(value or "")
    )


def _date(schema: Schema, value: JsonValue) -> forms.Field:
    # Text, not a date: the argument stays the string that it was, and the schema checks its form.
    return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}))


def _moment(schema: Schema, value: JsonValue) -> forms.Field:
    return forms.CharField()


def _boolean(schema: Schema, value: JsonValue) -> forms.Field:
    return forms.BooleanField(required=False)


def _json(schema: Schema, value: JsonValue) -> forms.Field:
    return forms.JSONField(required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}))


_BY_TYPE: Final[dict[str, Callable[[Schema, JsonValue], forms.Field]]] = {
    "number": _number,
    "integer": _integer,
    "string": _string,
    "boolean": _boolean,
    "date": _date,
    "date-time": _moment,
}
