"""Schemas with values of every shape, and the form for one of them."""

from typing import Any, Final

from django.http import QueryDict

from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest

ITEM = {
    "type": "object",
    "properties": {
        "what": {"type": "string", "minLength": 1},
        "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 100000},
        "paid": {"type": "boolean", "default": True},
        "note": {"type": "string"},
    },
    "required": ["what", "amount"],
    "additionalProperties": False,
}
ITEMS = {"type": "array", "items": {"$ref": "#/$defs/Item"}, "minItems": 1, "maxItems": 3}
TAGS = {"type": "array", "items": {"enum": ["red", "green", "blue"]}, "uniqueItems": True}
ONE: Final[list[dict[str, Any]]] = [{"what": "bed", "amount": 10.0, "paid": True}]


#: A schema each, with a value that it, or nothing, describes.
SHAPES: Final[list[tuple[dict[str, Any], Any]]] = [
    (ITEMS, ONE),
    (ITEMS, [{"what": "a\r\nb", "amount": 1, "note": ""}, {"what": "x", "amount": 2.5, "paid": False}]),
    ({"$ref": "#/$defs/Item"}, ONE[0]),
    (TAGS, ["blue", "red"]),
    (TAGS, []),
    (TAGS, ["black"]),
    ({"type": "array", "items": {"type": "string"}}, ["x", "", "a\nb"]),
    ({"type": "array", "items": {"type": "integer"}}, [1, "two", 3]),
    ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, [[1, 2], [], [3]]),
    ({"anyOf": [{"$ref": "#/$defs/Item"}, {"type": "null"}]}, None),
    ({"type": "array", "items": {}}, [1, {"b": 2}]),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, {"x": 1}),
    ({"type": "object", "properties": {"x y/~": {"type": "string"}}}, {"x y/~": "v"}),
    ({"type": "object", "properties": {"x": {"type": "string"}}}, {"unknown": "v"}),
    ({"type": "object", "properties": {"x": {"type": ["array", "null"], "items": {"type": "string"}}}}, {"x": None}),
    ({"type": "object", "properties": {"x": {"type": ["string", "null"]}, "y": {}}}, {"x": None, "y": [1, None]}),
    ({"type": "object"}, "not an object\0"),
    ({"type": "string"}, "a\0b\rc\n"),
    ({"type": "string", "maxLength": 1}, "longer"),
    ({"type": "object", "properties": {"x\0": {"type": "string"}}}, {"x\0": "v"}),
    ({"enum": ["a\nb", "a\0b", "c"]}, "a\nb"),
    ({"type": "array", "items": {"enum": ["a\nb", "c"]}, "uniqueItems": True}, ["a\nb"]),
    (ITEMS, {"not": "a list"}),
]


def form_for(part: Any, value: Any, posted: str | None = None, *, editable: str = "a", **schema: Any) -> ArgumentsForm:
    whole = {"type": "object", "properties": {"a": part}, "$defs": {"Item": ITEM}, **schema}
    request = ApprovalRequest(pk=1, arguments_schema=whole, arguments={"a": value}, editable=[editable])
    return ArgumentsForm(request, {"a": value}, None if posted is None else QueryDict(posted, mutable=True))
