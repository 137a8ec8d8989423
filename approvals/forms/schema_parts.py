"""The part of a tool's schema that describes one argument. A schema may be nonsense; what can't be read is left out."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
_MOST_HOPS: Final = 30


def schema_at(schema: Schema, path: str) -> Schema:
    """Return the part of an object schema that describes a dotted path; empty when it says nothing.

    References are followed. Where null is allowed, ``type`` is the other type and ``nullable`` is True.
    """
    part = resolved(schema, schema)
    for step in path.split("."):
        properties = part.get("properties")
        named = properties.get(step) if isinstance(properties, Mapping) else None
        part = resolved(schema, named if named is not None or not step.isdecimal() else part.get("items"))
    return part


def number_in(schema: Schema, key: str) -> float | None:
    """Return a bound such as ``minimum``, None where there is none or it is no number."""
    bound = schema.get(key)
    return bound if isinstance(bound, int | float) and not isinstance(bound, bool) else None


def words_in(schema: Schema, key: str) -> str:
    """Return a text such as ``title``, empty where there is none."""
    words = schema.get(key)
    return words.strip() if isinstance(words, str) else ""


def length_in(schema: Schema, key: str) -> int | None:
    """Return a bound such as ``maxLength``, None where there is none or it is no length."""
    bound = schema.get(key)
    return bound if isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0 else None


def resolved(root: Schema, part: object) -> Schema:
    """Follow local references, and take the one real member of ``allOf: [X]`` and ``anyOf: [X, null]``."""
    for _ in range(_MOST_HOPS):
        if not isinstance(part, Mapping):
            return {}
        if "$ref" in part:
            target = _target(root, part["$ref"])
            # Without its title: that is the type's name, not this value's.
            own = {key: value for key, value in part.items() if key != "$ref"}
            part = {**target, "title": "", **own}
        elif _is_alone(part.get("allOf")):
            part = {**part["allOf"][0], **{key: value for key, value in part.items() if key != "allOf"}}
        elif isinstance(part.get("anyOf"), list) and part["anyOf"]:
            part = _without_alternatives(part)
        else:
            return _without_null_type(part)
    return {}


def _is_alone(members: object) -> bool:
    return isinstance(members, list) and len(members) == 1 and isinstance(members[0], Mapping)


def _target(root: Schema, reference: object) -> Schema:
    target: Any = root
    for step in _steps(reference):
        target = target.get(step) if isinstance(target, Mapping) else None
    return target if isinstance(target, Mapping) and str(reference).startswith("#") else {}


def _steps(reference: object) -> Iterator[str]:
    for step in str(reference).split("/")[1:]:
        yield step.replace("~1", "/").replace("~0", "~")


def _without_alternatives(part: Schema) -> Schema:
    members = [member for member in part["anyOf"] if not (isinstance(member, Mapping) and member.get("type") == "null")]
    nullable = {"nullable": True} if len(members) < len(part["anyOf"]) else {}
    only = members[0] if len(members) == 1 and isinstance(members[0], Mapping) else {}
    return {**part, "anyOf": [], **only, **nullable}


def _without_null_type(part: Schema) -> Schema:
    types = part.get("type")
    if not isinstance(types, list) or "null" not in types:
        return part
    others = [name for name in types if name != "null"]
    return {**part, "type": others[0] if len(others) == 1 else others, "nullable": True}
