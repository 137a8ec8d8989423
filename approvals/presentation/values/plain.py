"""A value as plain text, exactly as it was sent, and how much of it a closed fold shows."""

import json
from typing import Final

from pydantic import JsonValue

FOLD_AFTER: Final = 600
PREVIEW: Final = 240
# Indentation of what is nested deeper would be more than what it indents.
_DEEPEST_INDENTED: Final = 12


def beginning(text: str) -> str:
    """Return the first characters of a long text, which a fold shows while it is closed."""
    return text[:PREVIEW].rstrip() + "…" if len(text) > FOLD_AFTER else ""


def raw_of(value: JsonValue) -> str:
    """Return a value as it was sent: a text itself, anything else as JSON in one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def as_json(value: JsonValue) -> str:
    """Return a value as JSON over several lines."""
    indent = 2 if _depth_of(value) <= _DEEPEST_INDENTED else 0
    return json.dumps(value, ensure_ascii=False, indent=indent)


def in_words(value: JsonValue) -> tuple[str, str]:
    """Return a value as text, and what kind of text: exactly the value, only grouped or indented."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value), "code"
    if isinstance(value, int):
        # Not grouped: an integer may be somebody's order number.
        return str(value), "number"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:,}", "number"
    if isinstance(value, str):
        return value, "text"
    return as_json(value), "code"


def _depth_of(value: JsonValue) -> int:
    depth, level = 0, [value]
    while level := [inner for outer in level for inner in _inside(outer)]:
        depth += 1
    return depth


def _inside(value: JsonValue) -> list[JsonValue]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
