"""Edited arguments: only where editing was allowed, and only into what the tool's schema allows."""

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, UnknownType, ValidationError
from pydantic import JsonValue
from referencing import Registry
from referencing.exceptions import Unresolvable

from restate_bridge.contract import canonical_json

Arguments = dict[str, JsonValue]

#: What jsonschema raises when a schema itself is wrong; behind a reference it meets any shape, unchecked.
_SCHEMA_FAULTS: Final = (
    re.error,
    SchemaError,
    UnknownType,
    Unresolvable,
    RecursionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class InvalidEdit(ValueError):
    """An edit that is not allowed or does not fit the schema.

    Attributes:
        path: the dotted path of the argument.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def value_at(arguments: Arguments, path: str) -> JsonValue:
    """Return the value at a dotted path, None where there is none."""
    value: JsonValue = arguments
    for step in path.split("."):
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def apply_edits(
    arguments: Arguments, edits: Mapping[str, JsonValue], *, editable: Sequence[str], schema: Mapping[str, JsonValue]
) -> Arguments:
    """Return a copy of ``arguments`` with ``edits`` (dotted path to new value) applied.

    Raises:
        InvalidEdit: a path is not editable or does not exist, or the result does not fit ``schema``.
    """
    final = copy.deepcopy(arguments)
    for path, value in edits.items():
        if path not in editable:
            raise InvalidEdit(path, "this argument can't be edited")
        _set_at(final, path, value)
    check_against(schema, final)
    return final


def changed_paths(old: Arguments, new: Arguments, paths: Sequence[str]) -> list[str]:
    """Return those of ``paths`` whose values differ as JSON (1800 and 1800.0 do not)."""
    return [path for path in paths if canonical_json(value_at(old, path)) != canonical_json(value_at(new, path))]


def check_against(schema: Mapping[str, JsonValue], arguments: Arguments) -> None:
    """Raise `InvalidEdit` unless ``arguments`` fit ``schema``, formats such as dates included.

    Only the schema itself is read: the registry is empty, so a reference to elsewhere is never fetched.
    """
    try:
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(
            schema, registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        error = next(validator.iter_errors(arguments), None)
    except _SCHEMA_FAULTS as fault:
        raise InvalidEdit("", f"the tool's schema can't be checked: {_in_short(fault)}") from fault
    if error:
        raise InvalidEdit(".".join(str(step) for step in error.absolute_path), _in_words(error))


def _set_at(arguments: Arguments, path: str, value: JsonValue) -> None:
    *parents, last = path.split(".")
    holder = value_at(arguments, ".".join(parents)) if parents else arguments
    if isinstance(holder, list) and last.isdecimal() and int(last) < len(holder):
        holder[int(last)] = value
    elif isinstance(holder, dict):
        holder[last] = value
    else:
        raise InvalidEdit(path, "there is no such argument")


def _in_short(fault: Exception) -> str:
    text = fault.message if isinstance(fault, SchemaError) else str(fault)
    return (text.strip().splitlines() or [type(fault).__name__])[0][:120]


def _in_words(error: ValidationError) -> str:
    """Say what is wrong without quoting the whole value back."""
    wording = {
        "minimum": "must be {} or more",
        "exclusiveMinimum": "must be more than {}",
        "maximum": "must be {} or less",
        "exclusiveMaximum": "must be less than {}",
        "maxLength": "must have {} characters or fewer",
        "minLength": "must have {} characters or more",
        "format": "is not a valid {}",
        "type": "must be of type {}",
    }
    template = wording.get(str(error.validator))
    return template.format(error.validator_value) if template else error.message[:200]
