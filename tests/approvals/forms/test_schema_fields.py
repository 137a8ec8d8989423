"""From a JSON schema to a form field."""

from typing import Any

import pytest
from django import forms

from approvals.forms.schema_fields import field_for
from approvals.forms.schema_parts import schema_at
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


INTEGER_OR_NULL = [{"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"type": ["integer", "null"]}]


@pytest.mark.parametrize("schema", INTEGER_OR_NULL)
def test_an_untouched_null_stays_null(schema: dict[str, Any]) -> None:
    field = field_for(schema_at({"properties": {"a": schema}}, "a"), None)
    assert isinstance(field, forms.IntegerField)
    assert field.clean("") is None
    assert field.clean("5") == 5


@pytest.mark.parametrize("kind", ["integer", "number", "string", "boolean"])
def test_an_absent_value_stays_absent_whatever_its_type(kind: str) -> None:
    assert field_for({"type": kind, "minLength": 1}, None).clean("") is None


def test_emptied_text_is_null_where_null_is_allowed_but_empty_text_stays_empty() -> None:
    schema = schema_at({"properties": {"a": {"type": ["string", "null"]}}}, "a")
    assert field_for(schema, "x").clean("") is None
    assert field_for(schema, "").clean("") == ""
    assert field_for({"type": "string"}, "x").clean("") == ""


@pytest.mark.parametrize(("posted", "value"), [("", None), ("True", True), ("False", False)])
def test_a_boolean_that_may_be_null_has_three_ways(posted: str, value: bool | None) -> None:
    schema = schema_at({"properties": {"a": {"type": ["boolean", "null"]}}}, "a")
    assert field_for(schema, value).clean(posted) is value


def test_a_choice_may_be_null_or_what_it_was() -> None:
    schema = schema_at({"properties": {"a": {"anyOf": [{"enum": ["x", 1]}, {"type": "null"}]}}}, "a")
    assert field_for(schema, None).clean("") is None
    assert field_for(schema, 1.0).clean("1.0") == 1
    assert field_for({"enum": ["x"]}, "old").clean("old") == "old"


def test_choices_that_read_the_same_are_edited_as_json() -> None:
    assert isinstance(field_for({"enum": [1, "1"]}, 1), forms.JSONField)
    assert isinstance(field_for({"enum": [[1], {"a": 1}]}, [1]), forms.JSONField)


@pytest.mark.parametrize("text", ["a\r\nb\nc", "a\rb", "a\nb", "a\r\nb"])
def test_untouched_text_keeps_its_line_breaks_even_mixed_ones(text: str) -> None:
    field = field_for({"type": "string"}, text)
    assert isinstance(field.widget, forms.Textarea)
    assert field.clean("\r\n".join(text.splitlines())) == text


def test_a_date_that_a_browser_would_not_show_is_edited_as_text() -> None:
    schema = {"type": "string", "format": "date"}
    assert isinstance(field_for(schema, "2026-01-01").widget, forms.DateInput)
    assert not isinstance(field_for(schema, "1 May").widget, forms.DateInput)


def test_a_value_of_another_type_than_the_schemas_is_edited_as_json() -> None:
    assert isinstance(field_for({"type": "string"}, 5), forms.JSONField)
    assert isinstance(field_for({"type": "boolean"}, "no"), forms.JSONField)


@pytest.mark.parametrize(
    "part",
    [
        {"$ref": "#/properties/a"},
        {"$ref": "#/nowhere"},
        {"$ref": "https://example.com/x"},
        {"$ref": 5},
        {"$ref": "#"},
        True,
        [],
        {"properties": []},
        {"anyOf": [True, {"type": "null"}]},
        {"anyOf": {"type": "null"}},
        {"type": {"a": 1}},
        {"type": []},
        {"type": ["string", "integer"]},
        {"type": "string", "maxLength": "9", "minLength": []},
        {"type": "string", "format": ["date"]},
        {"type": "integer", "minimum": "low", "maximum": True},
        {"type": "number", "minimum": [1]},
        {"enum": "abc"},
        {"enum": []},
        {"enum": [{"a": 1}, None]},
    ],
)
@pytest.mark.parametrize("value", [None, True, 5, 1.5, "x", [1], {"b": 1}])
def test_nonsense_in_a_schema_still_gives_a_field(part: Any, value: Any) -> None:
    for path in ("a", "a.b", "a.0"):
        assert str(field_for(schema_at({"properties": {"a": part}}, path), value).widget.render("a", value))
    assert schema_at({"properties": []}, "a") == {}
