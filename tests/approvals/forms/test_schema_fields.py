"""From a JSON schema to a form field."""

from typing import Any

import pytest
from django import forms

from approvals.forms.schema_fields import field_for, schema_at
from tests.announcing import CLAIM_SCHEMA


@pytest.mark.parametrize(
    ("schema", "value", "field"),
    [
        ({"type": "number"}, 1.5, forms.FloatField),
        ({"type": "integer"}, 1, forms.IntegerField),
        ({"type": "boolean"}, True, forms.BooleanField),
        ({"type": "string"}, "x", forms.CharField),
        ({"type": "string", "format": "date"}, "2026-01-01", forms.CharField),
        ({"enum": ["a", "b"]}, "a", forms.TypedChoiceField),
        ({"type": "array"}, [1], forms.JSONField),
        ({}, 1.5, forms.FloatField),
        ({}, {"a": 1}, forms.JSONField),
        ({}, None, forms.JSONField),
    ],
)
def test_the_type_decides_the_field(schema: dict[str, Any], value: Any, field: type[forms.Field]) -> None:
    assert isinstance(field_for(schema, value), field)


def test_bounds_are_the_fields_own() -> None:
    field = field_for({"type": "number", "minimum": 1, "maximum": 5}, 2.0)
    assert isinstance(field, forms.FloatField)
    assert (field.min_value, field.max_value) == (1, 5)


def test_a_reference_is_followed_down_a_dotted_path() -> None:
    assert schema_at(CLAIM_SCHEMA, "claim.amount")["maximum"] == 100000


def test_an_optional_value_is_its_one_real_member() -> None:
    schema = {"type": "object", "properties": {"a": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}}
    assert schema_at(schema, "a")["type"] == "integer"


def test_an_item_of_a_list_has_the_lists_schema() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}}}}
    assert schema_at(schema, "a.3")["type"] == "integer"


def test_where_the_schema_says_nothing_there_is_an_empty_one() -> None:
    assert schema_at({}, "a.b.c") == {}


def test_an_enum_of_numbers_gives_numbers_back() -> None:
    field = field_for({"enum": [1, 2]}, 1)
    assert field.clean("2") == 2


def test_a_long_text_gets_room() -> None:
    assert isinstance(field_for({"type": "string"}, "x" * 100).widget, forms.Textarea)
