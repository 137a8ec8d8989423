"""Dotted paths into arguments: which a reviewer may change, and which were changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import JsonValue


def path_exists(schema: Mapping[str, Any], path: str) -> bool:
    """Return whether ``path`` leads to something in a JSON schema, through ``$ref``, optional and free-form objects."""
    return _leads(schema, path.split("."), schema.get("$defs", {}))


def _leads(schema: Any, path: list[str], definitions: Mapping[str, Any]) -> bool:
    if schema is True or not path:
        return True
    if not isinstance(schema, Mapping):
        return False
    if "$ref" in schema:
        return _leads(definitions.get(schema["$ref"].rsplit("/", 1)[-1]), path, definitions)
    alternatives = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    if any(_leads(alternative, path, definitions) for alternative in alternatives):
        return True
    head, rest = path[0], path[1:]
    if head in schema.get("properties", {}):
        return _leads(schema["properties"][head], rest, definitions)
    if schema.get("type") == "array" and head.isdecimal():
        return _leads(schema.get("items", True), rest, definitions)
    free = schema.get("additionalProperties", False)
    return free is not False and _leads(free, rest, definitions)


def changes(before: JsonValue, after: JsonValue, path: str = "") -> dict[str, dict[str, JsonValue]]:
    """Return what differs between two JSON values: ``{"claim.amount": {"from": 1800, "to": 1500}}``.

    Objects are compared field by field; a list that differs counts as a whole. A field that one side lacks is
    given as None there.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        found: dict[str, dict[str, JsonValue]] = {}
        for name in [*before, *(name for name in after if name not in before)]:
            inner = f"{path}.{name}" if path else name
            if name not in before or name not in after:
                found[inner] = {"from": before.get(name), "to": after.get(name)}
            else:
                found |= changes(before[name], after[name], inner)
        return found
    same = before == after and isinstance(before, bool) == isinstance(after, bool)
    return {} if same else {path: {"from": before, "to": after}}


def outside(changed: Iterable[str], editable: Iterable[str]) -> list[str]:
    """Return the changed paths that no editable path covers."""
    allowed = tuple(editable)
    return [path for path in changed if not any(path == a or path.startswith(f"{a}.") for a in allowed)]
