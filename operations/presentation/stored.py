"""Values as they are kept in the engine, as text."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from operations.presentation.signed import without_tokens
from restate_bridge.contract import CantOpen, opened

#: So many characters of a value a page shows that shows many.
MOST_SHOWN: Final = 20_000
#: And one that shows this one alone.
MOST_SHOWN_ALONE: Final = 2_000_000
_HEX_LINE: Final = 32  # bytes


class Form(StrEnum):
    """What a value is, as far as its bytes tell."""

    JSON = "json"
    TEXT = "text"
    BYTES = "bytes"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Stored:
    """A value as text.

    Attributes:
        text: JSON indented, text as it is, bytes as hexadecimal digits in lines; nothing of what can't be opened.
        left_out: how many characters of it are not shown.
    """

    form: Form
    text: str
    left_out: int = 0

    @property
    def beginning(self) -> "Stored":
        """As much of it as a page shows that shows many, and no signed token."""
        return self._until(MOST_SHOWN)

    @property
    def alone(self) -> "Stored":
        """As much of it as a page shows that shows nothing else, and no signed token."""
        return self._until(MOST_SHOWN_ALONE)

    def _until(self, end: int) -> "Stored":
        # Before it is cut: half a token is not known to be one.
        text = without_tokens(self.text)
        return Stored(self.form, text[:end], max(0, len(text) - end))


def stored(value: bytes) -> Stored:
    """Return a value as text, opened if it is sealed."""
    try:
        value = opened(value)
    except CantOpen:
        return Stored(Form.SEALED, "")
    try:
        return Stored(Form.JSON, indented(json.loads(value)))
    except (ValueError, RecursionError):
        pass
    try:
        return Stored(Form.TEXT, value.decode())
    except UnicodeDecodeError:
        lines = range(0, len(value), _HEX_LINE)
        return Stored(Form.BYTES, "\n".join(value[start : start + _HEX_LINE].hex(" ") for start in lines))


def indented(value: Any) -> str:
    """Return JSON for people; half a surrogate, which no text can hold, stays the escape that it was."""
    return whole(json.dumps(value, ensure_ascii=False, indent=2))


def whole(text: str) -> str:
    """Return a text of JSON with each half of a surrogate written as an escape."""
    return text.encode(errors="backslashreplace").decode()


def compact(text: str) -> bytes:
    """Return JSON that somebody typed as it is kept and sent: on one line.

    Raises:
        ValueError: it is none; a `json.JSONDecodeError` says where.
        RecursionError: it is too deep.
    """
    value = json.loads(text, parse_constant=_refuse)
    return whole(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))).encode()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
