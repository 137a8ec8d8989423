"""What arguments are called: by the tool's schema if it says so, else by their names. A schema may be nonsense."""

from collections.abc import Mapping
from typing import Final

from approvals.forms.schema_parts import schema_at
from approvals.presentation.values.kinds import Schema

_LONGEST_TITLE: Final = 80


def label_of(name: str, schema: Schema) -> str:
    """Return a name as it was sent, with the schema's title before it where that is not just the name in words."""
    title = schema.get("title")
    if not isinstance(title, str) or not title.strip() or len(title) > _LONGEST_TITLE:
        return name
    return name if _bare(title) == _bare(name) else f"{title} ({name})"


def part_of(schema: Schema, *steps: str) -> Schema:
    """Return a part of a part of a schema, empty where there is none."""
    part: object = schema
    for step in steps:
        part = part.get(step) if isinstance(part, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def parts_for(schema: Schema, path: str) -> tuple[Schema, Schema]:
    """Return what the schema says of a dotted path, and of an item of the list that it names; references followed."""
    own, item = schema_at(schema, path), schema_at(schema, f"{path}.0")
    if not item:
        return own, own
    resolved = {key: schema_at(schema, f"{path}.0.{key}") for key in part_of(item, "properties")}
    return own, {**own, "items": {**item, "properties": resolved}}


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
