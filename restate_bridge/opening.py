"""Entries of a journal as they were before they were sealed."""

from collections.abc import Mapping
from typing import Any, Final

from restate_bridge.contract import CantOpen, is_sealed, opened

# Where entries have payloads, each an array of byte values: inputs, values of states, what is sent along, results.
_PAYLOADS: Final = frozenset({"payload", "value", "parameter", "Success"})
# And what may have one inside it.
_INNER: Final = frozenset({"request", "result", "value"})


def opened_entry(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry's body with its payloads opened; what can't be opened stays as it is."""
    return {name: _opened(name, value) for name, value in body.items()}


def opened_or_not(content: bytes) -> bytes:
    """Return a value opened, or as it is when its key is not here."""
    try:
        return opened(content)
    except CantOpen:
        return content


def _opened(name: str, value: Any) -> Any:
    if name in _INNER and isinstance(value, dict):
        return opened_entry(value)
    if name not in _PAYLOADS or not isinstance(value, list):
        return value
    try:
        content = bytes(value)
    except (TypeError, ValueError):
        return value
    return list(opened_or_not(content)) if is_sealed(content) else value
