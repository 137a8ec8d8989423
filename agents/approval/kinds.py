"""Which types and defaults an argument may have: those that JSON carries there and back, for people to read between."""

import reprlib
from collections.abc import Callable
from typing import Any

from pydantic import JsonValue, PydanticUserError, TypeAdapter, ValidationError

from agents.approval.errors import NotGateable, in_words
from restate_bridge.contract import canonical_json


def adapter_of(tool: str, name: str, kind: Any) -> TypeAdapter[Any]:
    """Return what writes an argument of a type as JSON, and reads it again.

    Raises:
        NotGateable: nothing could, or what is read is not what was written.
    """
    try:
        adapter = TypeAdapter(kind)
        _ = adapter.json_schema()
    except PydanticUserError as error:
        raise NotGateable(f"{tool}: the argument {name!r} has a type that JSON can't carry: {kind!r}") from error
    if _holds(adapter.core_schema, _is_masked):
        raise NotGateable(
            f"{tool}: the argument {name!r} holds a secret, in whose place people and the tool would get asterisks; "
            "have the tool look it up"
        )
    if _holds(adapter.core_schema, _is_left_out):
        raise NotGateable(f"{tool}: the argument {name!r} holds a field that people would not see (exclude=True)")
    # Showing it to people would leave nothing of it for the tool.
    if _holds(adapter.core_schema, _is_read_once):
        raise NotGateable(f"{tool}: the argument {name!r} holds what can be read only once; make it a list")
    return adapter


def default_of(tool: str, name: str, adapter: TypeAdapter[Any], default: Any) -> JsonValue:
    """Return a default as plain JSON.

    Raises:
        NotGateable: a call that leaves the argument out could not be asked for, or not be carried out afterwards.
    """
    try:
        plain: JsonValue = adapter.dump_python(default, mode="json", by_alias=True, warnings=False)
        adapter.validate_json(canonical_json(plain))
    # A type's own code may raise anything, and it would not say which tool this is about.
    except Exception as error:
        why = in_words(error) if isinstance(error, ValidationError) else str(error)
        raise NotGateable(
            f"{tool}: the argument {name!r} can't have the default {reprlib.repr(default)}: {why}"
        ) from error
    return plain


def _holds(schema: Any, searched: Callable[[dict[str, Any]], bool]) -> bool:
    if isinstance(schema, dict):
        return searched(schema) or any(_holds(part, searched) for part in schema.values())
    return isinstance(schema, (list, tuple)) and any(_holds(part, searched) for part in schema)


def _is_masked(schema: dict[str, Any]) -> bool:
    """Return whether it is how pydantic writes ``SecretStr`` and its like."""
    return getattr(schema.get("function"), "__name__", "").startswith("_serialize_secret")


def _is_left_out(schema: dict[str, Any]) -> bool:
    """Return whether it is a field that pydantic leaves out of what it writes."""
    return bool(schema.get("serialization_exclude"))


def _is_read_once(schema: dict[str, Any]) -> bool:
    """Return whether it is how pydantic reads an ``Iterable`` or a ``Generator``."""
    return schema.get("type") == "generator"
