"""Edited arguments: only where editing was allowed, and only into what the tool's schema allows."""

import copy
from collections.abc import Mapping, Sequence
from typing import Final

from jsonschema.exceptions import ValidationError
from pydantic import JsonValue

from approvals.rules.schema_check import SchemaFault, misfits_in
from approvals.rules.wording import worded
from restate_bridge.contract import canonical_json

Arguments = dict[str, JsonValue]

#: Digits of a list's place. Python refuses to read numbers of thousands of them.
_LONGEST_INDEX: Final = 9


class InvalidEdit(ValueError):
    """An edit that is not allowed or does not fit the schema.

    Attributes:
        path: the dotted path of the argument.
        wording: what is wrong, with ``{}`` for each of the values; a page translates it.
        values: what stands in the wording's gaps.
    """

    def __init__(self, path: str, wording: str, *values: object) -> None:
        super().__init__(wording.format(*values) if values else wording)
        self.path, self.wording, self.values = path, wording, values


def value_at(arguments: Arguments, path: str) -> JsonValue:
    """Return the value at a dotted path, None where there is none."""
    value: JsonValue = arguments
    for step in path.split("."):
        if isinstance(value, list) and _is_index(step, value):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def can_be_set(arguments: Arguments, path: str) -> bool:
    """Tell whether there is an object or a list that holds the value at a dotted path, or could hold it.

    What would hold it is never made up: to an agent that is an edit of the holder, which its author has not allowed.
    """
    holder, last = _holder_of(arguments, path)
    return isinstance(holder, dict) or (isinstance(holder, list) and _is_index(last, holder))


def apply_edits(
    arguments: Arguments, edits: Mapping[str, JsonValue], *, editable: Sequence[str], schema: Mapping[str, JsonValue]
) -> Arguments:
    """Return a copy of ``arguments`` with ``edits`` (dotted path to new value) applied.

    Raises:
        InvalidEdit: a path is not editable or does not exist, or the result does not fit ``schema``.
    """
    final = with_edits(arguments, edits, editable=editable)
    check_against(schema, final)
    return final


def with_edits(arguments: Arguments, edits: Mapping[str, JsonValue], *, editable: Sequence[str]) -> Arguments:
    """Return a copy of ``arguments`` with ``edits`` applied, whether it fits its schema or not.

    Raises:
        InvalidEdit: a path is not editable or does not exist.
    """
    final = copy.deepcopy(arguments)
    for path, value in edits.items():
        if path not in editable:
            raise InvalidEdit(path, "this argument can't be edited")
        _set_at(final, path, value)
    return final


def changed_paths(old: Arguments, new: Arguments, paths: Sequence[str]) -> list[str]:
    """Return those of ``paths`` whose values differ as JSON (1800 and 1800.0 do not)."""
    return [path for path in paths if canonical_json(value_at(old, path)) != canonical_json(value_at(new, path))]


def check_against(schema: Mapping[str, JsonValue], arguments: Arguments) -> None:
    """Raise `InvalidEdit` unless ``arguments`` fit ``schema``, formats such as dates included."""
    for misfit in invalid_in(schema, arguments):
        raise misfit


def invalid_in(schema: Mapping[str, JsonValue], arguments: Arguments) -> list[InvalidEdit]:
    """Return all that does not fit ``schema``; one without a path when the schema itself can't be checked."""
    try:
        errors = misfits_in(schema, arguments)
    except SchemaFault as fault:
        return [InvalidEdit("", "the tool's schema can't be checked: {}", fault)]
    return [InvalidEdit(".".join(str(step) for step in error.absolute_path), *_in_words(error)) for error in errors]


def _set_at(arguments: Arguments, path: str, value: JsonValue) -> None:
    holder, last = _holder_of(arguments, path)
    if isinstance(holder, dict):
        holder[last] = value
    elif isinstance(holder, list) and _is_index(last, holder):
        holder[int(last)] = value
    else:
        raise InvalidEdit(path, "there is no such argument")


def _is_index(step: str, values: Sequence[JsonValue]) -> bool:
    return step.isdecimal() and len(step) <= _LONGEST_INDEX and int(step) < len(values)


def _holder_of(arguments: Arguments, path: str) -> tuple[JsonValue, str]:
    holder, _, last = path.rpartition(".")
    return (value_at(arguments, holder) if holder else arguments), last


_WORDING: Final = {
    "minimum": worded("must be {} or more"),
    "exclusiveMinimum": worded("must be more than {}"),
    "maximum": worded("must be {} or less"),
    "exclusiveMaximum": worded("must be less than {}"),
    "maxLength": worded("must have {} characters or fewer"),
    "minLength": worded("must have {} characters or more"),
    "format": worded("is not a valid {}"),
    "type": worded("must be of type {}"),
    "multipleOf": worded("must be a multiple of {}"),
    "minItems": worded("must have {} items or more"),
    "maxItems": worded("must have {} items or fewer"),
    "pattern": worded("is not of the form that it has to be: {}"),
    "uniqueItems": worded("must not hold the same item twice"),
    "enum": worded("must be one of the values that are allowed"),
    "const": worded("must be the one value that is allowed"),
}


def _in_words(error: ValidationError) -> tuple[str, object]:
    """Say what is wrong without quoting the whole value back: a wording, and what stands in its gap."""
    wording = _WORDING.get(str(error.validator))
    return (wording, error.validator_value) if wording else ("{}", error.message[:200])
