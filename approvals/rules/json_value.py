"""A JSON value as a person types it."""

import json
from typing import Final

from pydantic import JsonValue

from approvals.rules.wording import worded

#: Characters of a value.
LONGEST_VALUE: Final = 100_000


class NotJson(ValueError):
    """What was typed is no JSON value that could be sent.

    Attributes:
        wording: what is wrong, with ``{}`` for each of the values; a page translates it.
        values: what stands in the wording's gaps.
    """

    def __init__(self, wording: str, *values: object) -> None:
        super().__init__(wording.format(*values))
        self.wording, self.values = wording, values


def read_json(text: str) -> JsonValue:
    """Return the value that ``text`` is.

    Raises:
        NotJson: it is none, or one that could not be sent or kept.
    """
    if not text.strip():
        raise NotJson(worded("write a JSON value, such as true, 12.5 or a text in quotation marks"))
    if len(text) > LONGEST_VALUE:
        raise NotJson(worded("write {} characters or fewer"), LONGEST_VALUE)
    try:
        value: JsonValue = json.loads(text, parse_constant=_refuse)
        # A number that is out of all bounds, or half a character, is read and could not be written again.
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise NotJson(worded("this is not JSON: see line {}, column {}"), error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise NotJson(worded("this is JSON that can't be sent")) from error
    return value


def is_same_json(text: str, value: JsonValue) -> bool:
    """Tell whether the JSON ``text`` is ``value``: true is not 1, and the order of names does not matter."""
    try:
        return _canonical(json.loads(text)) == _canonical(value)
    except (ValueError, RecursionError):
        return False


def _canonical(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True)


def _refuse(constant: str) -> JsonValue:
    raise ValueError(constant)
