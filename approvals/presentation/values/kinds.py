"""What a value is, decided from its schema, its name, its neighbours and itself. Pure: values in, a word out."""

import base64
import binascii
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from pydantic import JsonValue

from approvals.presentation.values.currencies import currency_of
from approvals.presentation.values.diffs import lines_of_diff
from approvals.presentation.values.moments import date_in, moment_in
from approvals.presentation.values.names import words_of

type Schema = Mapping[str, Any]

MOST_COLUMNS: Final = 12
MOST_CELLS: Final = 10_000
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s]+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+\.[^\s@<>,;:\"()\[\]]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]{200,}={0,2}")
_SOURCES: Final = words_of(
    "code script sql query command cmd snippet source regex pattern yaml json xml html css config"
)


class Kind(StrEnum):
    """What a value is to a reader."""

    TEXT = "text"
    SOURCE = "source"
    NUMBER = "number"
    MONEY = "money"
    FLAG = "flag"
    NOTHING = "unset"
    DATE = "date"
    MOMENT = "moment"
    URL = "url"
    EMAIL = "email"
    BLOB = "blob"
    DIFF = "diff"
    ITEMS = "items"
    TABLE = "table"
    JSON = "json"


def kind_of(
    value: JsonValue, *, name: str = "", schema: Schema | None = None, beside: Mapping[str, JsonValue] | None = None
) -> Kind:
    """Return what a value is.

    Args:
        name: its key in the object that holds it.
        schema: the part of the schema that describes it.
        beside: the object that holds it, where a currency may stand.
    """
    schema = schema or {}
    if isinstance(value, bool):
        return Kind.FLAG
    if value is None:
        return Kind.NOTHING
    if isinstance(value, int | float | str) and currency_of(value, name, schema, beside or {}):
        return Kind.MONEY
    if isinstance(value, int | float):
        return Kind.NUMBER
    if isinstance(value, str):
        return _kind_of_text(value, name, schema)
    return _kind_of_list(value) if isinstance(value, list) else Kind.JSON


def _kind_of_text(text: str, name: str, schema: Schema) -> Kind:
    if "\n" in text:
        return Kind.DIFF if lines_of_diff(text) else Kind.SOURCE if _is_source(name, schema) else Kind.TEXT
    if date_in(text):
        return Kind.DATE
    if moment_in(text):
        return Kind.MOMENT
    if _URL.fullmatch(text):
        return Kind.URL
    if _EMAIL.fullmatch(text):
        return Kind.EMAIL
    if _is_blob(text, schema):
        return Kind.BLOB
    return Kind.SOURCE if _is_source(name, schema) else Kind.TEXT


def _is_source(name: str, schema: Schema) -> bool:
    media = str(schema.get("contentMediaType", ""))
    return media.startswith(("text/x-", "application/")) or bool(words_of(name) & _SOURCES)


def _is_blob(text: str, schema: Schema) -> bool:
    declared = schema.get("contentEncoding") in ("base64", "base64url") or schema.get("format") in ("byte", "binary")
    # A long word of one case is no data: those have all sorts of characters.
    mixed = not (text.islower() or text.isupper()) and any(map(str.isdigit, text[:200]))
    return bool(_BASE64.fullmatch(text)) and (declared or mixed) and bytes_in(text) is not None


def bytes_in(text: str) -> int | None:
    """Return how many bytes a base64 text holds, None when it is none."""
    try:
        standard = text.translate({ord("-"): "+", ord("_"): "/"})
        return len(base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def _kind_of_list(items: list[JsonValue]) -> Kind:
    if not items:
        return Kind.JSON
    if not any(isinstance(item, dict | list) for item in items):
        return Kind.ITEMS
    objects = [item for item in items if isinstance(item, dict) and item]
    flat = not any(isinstance(inner, dict | list) for item in objects for inner in item.values())
    columns = len({key for item in objects for key in item}) if flat and len(objects) == len(items) else 0
    return Kind.TABLE if 0 < columns <= MOST_COLUMNS and columns * len(items) <= MOST_CELLS else Kind.JSON
