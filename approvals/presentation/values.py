"""Arguments as rows of a table, raw and whole."""

import json
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from pydantic import JsonValue

from approvals.presentation.text import reveal

FOLD_AFTER: Final = 600
PREVIEW: Final = 240


@dataclass(frozen=True, slots=True)
class Row:
    """One argument.

    Attributes:
        path: dotted, as in the arguments.
        label: what the page calls it.
        shown: its value as HTML, whole.
        kind: ``text``, ``number`` or ``code``.
        length: characters of the value; a long one is folded and says so.
        preview: its beginning as HTML, for the fold.
        was: the value as it was announced when a reviewer has changed it, else empty.
    """

    path: str
    label: str
    shown: SafeString
    kind: str
    length: int
    was: SafeString | str = ""
    preview: SafeString | str = ""

    @property
    def is_long(self) -> bool:
        """Whether the page folds it."""
        return self.length > FOLD_AFTER


def flatten(arguments: dict[str, JsonValue], prefix: str = "") -> dict[str, JsonValue]:
    """Return ``{dotted path: value}``; objects are taken apart, lists stay whole."""
    flat: dict[str, JsonValue] = {}
    for name, value in arguments.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and value:
            flat |= flatten(value, f"{path}.")
        else:
            flat[path] = value
    return flat


def rows_for(arguments: dict[str, JsonValue], announced: dict[str, JsonValue]) -> list[Row]:
    """Return the rows of ``arguments``, each with its announced value where that differs."""
    before, shared = flatten(announced), _shared_prefix(arguments)
    return [
        _row(path, path.removeprefix(shared), value, before.get(path)) for path, value in flatten(arguments).items()
    ]


def _shared_prefix(arguments: dict[str, JsonValue]) -> str:
    """Return what every path begins with when a tool takes one object: the labels do without it."""
    only = next(iter(arguments)) if len(arguments) == 1 else ""
    return f"{only}." if only and isinstance(arguments[only], dict) else ""


def _row(path: str, label: str, value: JsonValue, before: JsonValue) -> Row:
    text, kind = in_words(value)
    old, _ = in_words(before)
    return Row(
        path=path,
        label=label,
        shown=reveal(text),
        kind=kind,
        length=len(text),
        was=reveal(old) if old != text else "",
        preview=reveal(beginning(text)),
    )


def beginning(text: str) -> str:
    """Return the first characters of a long text, which a fold shows while it is closed."""
    return text[:PREVIEW].rstrip() + "…" if len(text) > FOLD_AFTER else ""


def in_words(value: JsonValue) -> tuple[str, str]:
    """Return a value as text, and what kind of text: exactly the value, only grouped or indented."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value), "code"
    if isinstance(value, int):
        # Not grouped: an integer may be somebody's order number.
        return str(value), "number"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:,}", "number"
    if isinstance(value, str):
        return value, "text"
    return json.dumps(value, ensure_ascii=False, indent=2), "code"
