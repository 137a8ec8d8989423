"""Lists, tables and diffs as HTML, each whole."""

from collections.abc import Iterable
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import JsonValue

from approvals.presentation.text import reveal
from approvals.presentation.values.diffs import Change, DiffLine
from approvals.presentation.values.kinds import Kind, Schema, kind_of
from approvals.presentation.values.labels import label_of, part_of
from approvals.presentation.values.plain import PREVIEW
from approvals.presentation.values.scalars import scalar

_SHOWN_AS: Final = {Kind.NUMBER: "number", Kind.MONEY: "number", Kind.SOURCE: "code"}


def items_of(items: Iterable[JsonValue], name: str, schema: Schema) -> SafeString:
    """Return a list of single values as a list."""
    part = part_of(schema, "items")
    inner = format_html_join("", "<li>{}</li>", ((scalar(item, name=name, schema=part),) for item in items))
    return format_html('<ul class="items">{}</ul>', inner)


def columns_of(items: Iterable[JsonValue]) -> list[str]:
    """Return the keys of a list of objects, in the order in which they come."""
    return list(dict.fromkeys(key for item in items if isinstance(item, dict) for key in item))


def table_of(items: list[JsonValue], label: str, schema: Schema) -> SafeString:
    """Return a list of flat objects as a table with a heading for each key."""
    part, columns = part_of(schema, "items"), columns_of(items)
    parts = {column: part_of(part, "properties", column) for column in columns}
    heads = format_html_join("", "{}", ((_head(items, c, parts[c]),) for c in columns))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "{}", ((_cell(item, c, parts[c]),) for c in columns)),) for item in _objects(items)),
    )
    words = counted_rows(len(items))
    return format_html(
        '<div class="sideways" role="region" tabindex="0" aria-label="{}"><table class="grid">'
        '<caption class="visually-hidden">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        words,
        format_html("{}: {}", reveal(label), words) if label else words,
        heads,
        body,
    )


def _objects(items: list[JsonValue]) -> Iterable[dict[str, JsonValue]]:
    return (item for item in items if isinstance(item, dict))


def _head(items: list[JsonValue], column: str, schema: Schema) -> SafeString:
    """Return a heading, over numbers at the side where they end."""
    held = [item for item in _objects(items) if column in item]
    kinds = {_SHOWN_AS.get(kind_of(item[column], name=column, schema=schema, beside=item), "text") for item in held}
    side = "number" if kinds == {"number"} else "text"
    return format_html('<th scope="col" class="{}">{}</th>', side, reveal(label_of(column, schema)))


def _cell(item: dict[str, JsonValue], column: str, schema: Schema) -> SafeString:
    if column not in item:
        return format_html('<td class="muted">{}</td>', _("absent"))
    value = item[column]
    if value == "":
        return format_html('<td class="muted">{}</td>', _("empty"))
    kind = _SHOWN_AS.get(kind_of(value, name=column, schema=schema, beside=item), "text")
    return format_html('<td class="{}">{}</td>', kind, scalar(value, name=column, schema=schema, beside=item))


def counted_rows(count: int) -> str:
    """Say how many rows a table has."""
    return ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}


def preview_of_items(items: Iterable[JsonValue], name: str) -> SafeString:
    """Return the first single values of a long list."""
    words, room = "", PREVIEW
    for item in items:
        word = str(item)
        if len(word) > room:
            break
        words, room = f"{words}{word}, ", room - len(word) - 2
    return reveal(f"{words}…")


def diff_of(lines: list[DiffLine]) -> SafeString:
    """Return a diff as a table: the numbers before and after, the sign (and its word), the text."""
    return format_html(
        '<div class="sideways" role="region" tabindex="0" aria-label="{}"><table class="diff">'
        '<caption class="visually-hidden">{}</caption><tbody>{}</tbody></table></div>',
        _("Changes, line by line"),
        counted_changes(lines),
        format_html_join("", "{}", ((_line(line),) for line in lines)),
    )


def counted_changes(lines: list[DiffLine]) -> str:
    """Say how many lines a diff adds and removes."""
    added = sum(line.change is Change.ADDED for line in lines)
    removed = sum(line.change is Change.REMOVED for line in lines)
    first = ngettext("%(count)d line added", "%(count)d lines added", added) % {"count": added}
    second = ngettext("%(count)d line removed", "%(count)d lines removed", removed) % {"count": removed}
    return _("%(added)s, %(removed)s") % {"added": first, "removed": second}


def _line(line: DiffLine) -> SafeString:
    if line.change in (Change.HEAD, Change.HUNK, Change.NOTE):
        return format_html('<tr class="{}"><td colspan="4">{}</td></tr>', line.change.value, reveal(line.text))
    return format_html(
        '<tr class="{}"><td class="gutter">{}</td><td class="gutter">{}</td><td class="sign">{}</td><td>{}</td></tr>',
        line.change.value,
        "" if line.old is None else line.old,
        "" if line.new is None else line.new,
        _sign(line.change),
        reveal(line.text),
    )


def _sign(change: Change) -> SafeString | str:
    if change is Change.SAME:
        return ""
    sign, word = ("+", _("added")) if change is Change.ADDED else ("−", _("removed"))
    return format_html('<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>', sign, word)
