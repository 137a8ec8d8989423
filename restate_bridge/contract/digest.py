"""The digest that ties a decision to what the reviewer saw."""

import hashlib

import rfc8785
from pydantic import JsonValue


class UnserialisableArguments(ValueError):
    """The arguments have no canonical JSON form: a number too large for JSON, a NaN, a lone surrogate."""


def canonical_json(value: JsonValue) -> bytes:
    """Return the one byte string that stands for ``value`` (RFC 8785).

    A store may reorder an object's keys or write 1800.0 as 1800; the canonical form is the same before and after.

    Raises:
        UnserialisableArguments: ``value`` holds something that JSON can't carry exactly.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise UnserialisableArguments(str(error)) from error


def digest_of(tool: str, arguments: dict[str, JsonValue]) -> str:
    """Return ``sha256:<hex>`` over a tool's name and its arguments.

    Raises:
        UnserialisableArguments: see `canonical_json`.
    """
    return "sha256:" + hashlib.sha256(canonical_json({"tool": tool, "arguments": arguments})).hexdigest()
