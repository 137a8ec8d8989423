"""Does a value fit a schema: asked of schemas that nobody has vouched for, so with a bound on the time that it takes.

Python's `re` needs exponential time for some patterns and holds the whole process meanwhile. Patterns are matched by
Rust's engine instead, which is linear in the text by construction and comes with pydantic. What it can't express (look
around, back references) is not checked here; the tool's own types check it again in the agent before it runs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, UnknownType, ValidationError
from jsonschema.validators import extend
from pydantic import JsonValue
from pydantic_core import SchemaError as PatternError
from pydantic_core import SchemaValidator, core_schema
from pydantic_core import ValidationError as NoMatch
from referencing import Registry
from referencing.exceptions import Unresolvable

#: Keywords that are looked at before a schema is given up: references to references double with each step.
_MOST_CHECKS: Final = 100_000
_MOST_MISFITS: Final = 50
_LONGEST_PATTERN: Final = 1_000
_checks: ContextVar[int] = ContextVar("checks")

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

type Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]


class SchemaFault(ValueError):
    """The schema itself is wrong, or takes too long."""


def misfits_in(schema: Mapping[str, JsonValue], value: JsonValue) -> list[ValidationError]:
    """Return what does not fit, formats such as dates included; at most 50.

    Only the schema itself is read: the registry is empty, so a reference to elsewhere is never fetched.

    Raises:
        SchemaFault: it can't be told.
    """
    _checks.set(0)
    try:
        Draft202012Validator.check_schema(schema)
        validator = _Bounded(schema, registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER)
        return list(islice(validator.iter_errors(value), _MOST_MISFITS))
    except _SCHEMA_FAULTS as fault:
        raise SchemaFault(_in_short(fault)) from fault


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found in a text; true as well where that can't be told in bounded time."""
    matcher = _matcher(pattern)
    if matcher is None:
        return True
    try:
        matcher.validate_python(text)
    except NoMatch:
        return False
    return True


@lru_cache(maxsize=256)
def _matcher(pattern: str) -> SchemaValidator | None:
    if len(pattern) > _LONGEST_PATTERN:
        return None
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except PatternError:
        re.compile(pattern)  # raises what is no pattern at all
        return None


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError("is not of the form that it has to be")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    for pattern, part in patterns.items() if isinstance(instance, dict) else ():
        for name, value in instance.items():
            if _matcher(pattern) and matches(pattern, name):
                yield from validator.descend(value, part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    patterns = schema.get("patternProperties", {})
    for name in instance.keys() - schema.get("properties", {}).keys():
        if any(matches(pattern, name) for pattern in patterns):
            continue
        if isinstance(allowed, Mapping):
            yield from validator.descend(instance[name], allowed, path=name)
        elif not allowed:
            yield ValidationError("has a property that it can't have")


def _nothing(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    # jsonschema would match patterns with `re` here; the tool's own types see to unknown properties.
    yield from ()


def _counted(keyword: Keyword) -> Keyword:
    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        _checks.set(_checks.get() + 1)
        if _checks.get() > _MOST_CHECKS:
            raise ValueError("it takes too long to check")
        yield from keyword(validator, value, instance, schema) or ()

    return check


_OURS: Final[dict[str, Keyword]] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "unevaluatedProperties": _nothing,
}
_Bounded: Final = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {name: _counted(keyword) for name, keyword in {**Draft202012Validator.VALIDATORS, **_OURS}.items()},
)


def _in_short(fault: Exception) -> str:
    text = fault.message if isinstance(fault, SchemaError) else str(fault)
    return (text.strip().splitlines() or [type(fault).__name__])[0][:120]
