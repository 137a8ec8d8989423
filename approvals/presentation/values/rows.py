"""Arguments as rows of a table, whole, each by what it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from pydantic import JsonValue

from approvals.forms.schema_parts import schema_at
from approvals.presentation.values.kinds import Schema
from approvals.presentation.values.labels import label_of, parts_for
from approvals.presentation.values.plain import FOLD_AFTER
from approvals.presentation.values.showing import Shown, show
from approvals.presentation.values.was import was_in_words

# Objects nested deeper than this are shown as JSON, and so is what comes after so many rows.
_DEEPEST: Final = 5
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One argument.

    Attributes:
        path: dotted, as in the arguments.
        label: what the page calls it.
        shown: its value as HTML, whole.
        kind: ``text``, ``code``, ``number``, or another of `approvals.presentation.values.kinds.Kind`.
        length: characters of the value as it was sent.
        preview: its beginning as HTML, for the fold.
        was: the value as it was announced when a reviewer has changed it, else empty.
        size: how long it is in words, for the fold.
        folds: whether the page folds it, whatever its length.
        group: what the object is called that it belongs to, where another one begins; else empty.
        depth: in how many named objects it stands.
    """

    path: str
    label: str
    shown: SafeString
    kind: str
    length: int
    was: SafeString | str = ""
    preview: SafeString | str = ""
    size: str = ""
    folds: bool | None = None
    group: str = ""
    depth: int = 0

    @property
    def is_long(self) -> bool:
        """Whether the page folds it."""
        return self.length > FOLD_AFTER if self.folds is None else self.folds


@dataclass(frozen=True, slots=True)
class _Leaf:
    path: str
    groups: tuple[str, ...]
    name: str
    value: JsonValue
    beside: Mapping[str, JsonValue]


def rows_for(
    arguments: dict[str, JsonValue], announced: dict[str, JsonValue], schema: Schema | None = None
) -> list[Row]:
    """Return the rows of ``arguments``, each with its announced value where that differs.

    Args:
        schema: the tool's schema, perhaps empty. With it rows are called by its titles, and those of an object stand
            together under its name (`Row.group`), after the single values beside it. Without it a row is called by
            its dotted path.
    """
    leaves = list(_leaves(arguments))
    before = {leaf.path: leaf for leaf in _leaves(announced)}
    if schema is not None:
        leaves = _grouped(leaves)
    shared = _shared(arguments)
    rows: list[Row] = []
    groups = shared
    for leaf in leaves[:MOST_ROWS]:
        rows.append(_row(leaf, before.get(leaf.path), schema, shared, groups))
        groups = leaf.groups
    return rows + _rest(leaves[MOST_ROWS:], before)


def _leaves(values: Mapping[str, JsonValue], groups: tuple[str, ...] = (), deepest: int = _DEEPEST) -> Iterator[_Leaf]:
    """Take objects apart; lists stay whole, and so does what is nested too deeply."""
    for name, value in values.items():
        if isinstance(value, dict) and value and len(groups) < deepest:
            yield from _leaves(value, (*groups, name), deepest)
        else:
            yield _Leaf(".".join((*groups, name)), groups, name, value, values)


def _grouped(leaves: list[_Leaf]) -> list[_Leaf]:
    """Return the leaves of each object together, in the order in which the objects come."""
    by_group: dict[tuple[str, ...], list[_Leaf]] = {}
    for leaf in leaves:
        for length in range(len(leaf.groups) + 1):
            by_group.setdefault(leaf.groups[:length], [])
        by_group[leaf.groups].append(leaf)
    return [leaf for group in by_group.values() for leaf in group]


def _shared(arguments: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Return what every path begins with when a tool takes one object: the labels do without it."""
    only = next(iter(arguments)) if len(arguments) == 1 else ""
    inner = arguments.get(only)
    return (only,) if isinstance(inner, dict) and inner else ()


def _row(
    leaf: _Leaf, before: _Leaf | None, schema: Schema | None, shared: tuple[str, ...], groups: tuple[str, ...]
) -> Row:
    own, described = parts_for(schema or {}, leaf.path)
    label = ".".join((*leaf.groups[len(shared) :], leaf.name)) if schema is None else label_of(leaf.name, own)
    shown = show(leaf.value, label=label, name=leaf.name, schema=described, beside=leaf.beside, path=leaf.path)
    old = before or _Leaf("", (), "", None, {})
    begins = schema is not None and leaf.groups != groups
    return Row(
        path=leaf.path,
        label=label,
        shown=shown.html,
        kind=shown.kind,
        length=shown.length,
        was=was_in_words(leaf.value, old.value, leaf.name, described, old.beside),
        preview=shown.preview,
        size=shown.size,
        folds=shown.folds,
        group=_called(leaf.groups, len(shared), schema or {}) if begins else "",
        depth=len(leaf.groups) - len(shared),
    )


def _called(groups: tuple[str, ...], shared: int, schema: Schema) -> str:
    names = (
        label_of(name, schema_at(schema, ".".join(groups[: place + 1])))
        for place, name in enumerate(groups)
        if place >= shared
    )
    return " › ".join(names)


def _rest(leaves: list[_Leaf], before: Mapping[str, _Leaf]) -> list[Row]:
    """Return one row for all that is too much for rows of its own: as JSON by path, whole."""
    if not leaves:
        return []
    values: dict[str, JsonValue] = {leaf.path: leaf.value for leaf in leaves}
    old: dict[str, JsonValue] = {path: before[path].value for path in values if path in before}
    label = ngettext("%(count)d more argument", "%(count)d more arguments", len(leaves)) % {"count": len(leaves)}
    shown: Shown = show(values, label=label)
    was = was_in_words(values, old, "", {}, None)
    return [Row("", label, shown.html, shown.kind, shown.length, was, shown.preview, shown.size, shown.folds)]
