"""What a value was before a reviewer changed it."""

from collections.abc import Mapping

from django.utils.safestring import SafeString
from pydantic import JsonValue

from approvals.presentation.text import reveal
from approvals.presentation.values.kinds import Schema
from approvals.presentation.values.plain import as_json, raw_of
from approvals.presentation.values.scalars import scalar


def was_in_words(
    value: JsonValue, old: JsonValue, name: str, schema: Schema, beside: Mapping[str, JsonValue] | None
) -> SafeString | str:
    """Return the old value as HTML where the new one differs, else empty."""
    if raw_of(value) == raw_of(old) and isinstance(value, str) == isinstance(old, str):
        return ""
    if isinstance(old, dict | list):
        return reveal(as_json(old))
    return scalar(old, name=name, schema=schema, beside=beside or {})
