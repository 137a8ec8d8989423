"""JSON as people type it."""

import pytest
from pydantic import JsonValue

from approvals.rules.json_value import LONGEST_VALUE, NotJson, is_same_json, read_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        (" null\n", None),
        ("12.50", 12.5),
        ('"한국어"', "한국어"),
        ('{"b": [1], "a": {}}', {"b": [1], "a": {}}),
    ],
)
def test_a_value_is_read(text: str, value: JsonValue) -> None:
    assert read_json(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "write a JSON value, such as true, 12.5 or a text in quotation marks"),
        ("yes", "this is not JSON: see line 1, column 1"),
        ('{"a": 1,\n"b"}', "this is not JSON: see line 2, column 4"),
        ("Infinity", "this is JSON that can't be sent"),
        ("-1e999", "this is JSON that can't be sent"),
        ('"\\udc00"', "this is JSON that can't be sent"),
        ("[" * 50_000, "this is JSON that can't be sent"),
        ("1" * 5_000, "this is JSON that can't be sent"),
        ("1" * (LONGEST_VALUE + 1), f"write {LONGEST_VALUE} characters or fewer"),
    ],
)
def test_what_is_none_is_said_to_be_none(text: str, words: str) -> None:
    with pytest.raises(NotJson, match=words.replace("(", "\\(")):
        read_json(text)


@pytest.mark.parametrize(
    ("text", "value", "same"),
    [
        ('{"a":1,"b":2}', {"b": 2, "a": 1}, True),
        ("true", True, True),
        ("1", True, False),
        ("1.0", 1, False),
        ("null", None, True),
        ("not json", "not json", False),
        ("[" * 50_000, [], False),
    ],
)
def test_two_values_are_the_same_or_not(text: str, value: JsonValue, same: bool) -> None:
    assert is_same_json(text, value) is same
