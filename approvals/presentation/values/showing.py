"""One value as HTML, and how it folds."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from pydantic import JsonValue

from approvals.presentation.text import reveal
from approvals.presentation.values.diffs import lines_of_diff
from approvals.presentation.values.kinds import Kind, Schema, kind_of
from approvals.presentation.values.plain import FOLD_AFTER, as_json, beginning, raw_of
from approvals.presentation.values.scalars import blob_in_words, scalar
from approvals.presentation.values.structures import (
    columns_of,
    counted_changes,
    counted_rows,
    diff_of,
    items_of,
    preview_of_items,
    table_of,
)

MOST_ROWS_OPEN: Final = 50
_MOST_LINES_OPEN: Final = 80
# Tables and diffs are easier to look over than text: they may be longer before they fold.
_MOST_CHARACTERS_OPEN: Final = 6_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as HTML.

    Attributes:
        html: the whole value.
        kind: the class by which the page sets it.
        length: characters of the value as it was sent.
        size: its length in words, for a closed fold.
        folds: whether the page folds it.
        preview: what a closed fold shows of it, as HTML.
    """

    html: SafeString
    kind: str
    length: int
    size: str = ""
    folds: bool = False
    preview: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    value: JsonValue
    label: str
    name: str
    schema: Schema
    beside: Mapping[str, JsonValue]
    path: str


def show(
    value: JsonValue,
    *,
    label: str = "",
    name: str = "",
    schema: Schema | None = None,
    beside: Mapping[str, JsonValue] | None = None,
    path: str = "",
) -> Shown:
    """Return a value as HTML, by what it is.

    Args:
        label: what the page calls it, for a table's caption.
        name: its key in the object that holds it.
        schema: the part of the schema that describes it, references in its items followed.
        beside: the object that holds it.
        path: dotted, for ids.
    """
    asked = _Asked(value, label, name, schema or {}, beside or {}, path)
    kind = kind_of(value, name=name, schema=asked.schema, beside=asked.beside)
    return _BY_KIND.get(kind, _single)(asked, kind)


def all_characters(length: int) -> str:
    """Say how long a text is, on its fold."""
    return ngettext("all %(count)d character", "all %(count)d characters", length) % {"count": length}


def _single(asked: _Asked, kind: Kind) -> Shown:
    sent = raw_of(asked.value)
    html = scalar(asked.value, name=asked.name, schema=asked.schema, beside=asked.beside)
    return _text(sent, html, {Kind.SOURCE: "code", Kind.MONEY: "number"}.get(kind, kind.value))


def _text(text: str, html: SafeString, kind: str) -> Shown:
    length = len(text)
    return Shown(html, kind, length, all_characters(length), length > FOLD_AFTER, reveal(beginning(text)))


def _json(asked: _Asked, kind: Kind) -> Shown:
    text = as_json(asked.value)
    return _text(text, reveal(text), "code")


def _blob(asked: _Asked, kind: Kind) -> Shown:
    text = str(asked.value)
    html = format_html(
        '{} <details class="fold" id="sent-{}"><summary><span class="more">{}</span></summary>'
        '<div class="value code">{}</div></details>',
        blob_in_words(text),
        # A name for scripts that keep it open, the same each time.
        f"{zlib.crc32(asked.path.encode('utf-8', 'replace')):08x}",
        all_characters(len(text)),
        reveal(text),
    )
    return Shown(html, "blob", len(text))


def _items(asked: _Asked, kind: Kind) -> Shown:
    items = asked.value if isinstance(asked.value, list) else []
    words = ngettext("all %(count)d item", "all %(count)d items", len(items)) % {"count": len(items)}
    shown = Shown(items_of(items, asked.name, asked.schema), "items", len(raw_of(items)), words)
    return _folded(shown, len(items) > MOST_ROWS_OPEN, preview_of_items(items, asked.name))


def _table(asked: _Asked, kind: Kind) -> Shown:
    items = asked.value if isinstance(asked.value, list) else []
    words = ngettext("all %(count)d row", "all %(count)d rows", len(items)) % {"count": len(items)}
    shown = Shown(table_of(items, asked.label, asked.schema), "table", len(raw_of(items)), words)
    heads = format_html("{}: {}", counted_rows(len(items)), reveal(beginning_of_names(columns_of(items))))
    return _folded(shown, len(items) > MOST_ROWS_OPEN, heads)


def beginning_of_names(names: list[str]) -> str:
    """Return the names of columns in one line, which may be long."""
    text = ", ".join(names)
    return beginning(text) or text


def _diff(asked: _Asked, kind: Kind) -> Shown:
    text = str(asked.value)
    lines = lines_of_diff(text)
    words = ngettext("all %(count)d line", "all %(count)d lines", len(lines)) % {"count": len(lines)}
    shown = Shown(diff_of(lines), "diff", len(text), words)
    return _folded(shown, len(lines) > _MOST_LINES_OPEN, reveal(counted_changes(lines)))


def _folded(shown: Shown, is_many: bool, preview: SafeString) -> Shown:
    return replace(shown, folds=is_many or shown.length > _MOST_CHARACTERS_OPEN, preview=preview)


_BY_KIND: Final[dict[Kind, Callable[[_Asked, Kind], Shown]]] = {
    Kind.JSON: _json,
    Kind.BLOB: _blob,
    Kind.ITEMS: _items,
    Kind.TABLE: _table,
    Kind.DIFF: _diff,
}
