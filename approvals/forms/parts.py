"""The parts of the form in which arguments are edited: a tree in the shape of the value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.forms import BoundField
from pydantic import JsonValue

from approvals.forms.names import rows_name, state_name, write_rows
from approvals.rules.changes import MISSING, Steps, Value


@dataclass(kw_only=True)
class Part:
    """One value.

    Attributes:
        name: what it is called in the page's form.
        steps: the way to it in the arguments; a row's is its number, not its place.
        label: what the page calls it.
        hint: what the schema says about it.
        bounds: what it may be, in words.
        was: the value before editing.
        can_unset: whether it may be left out.
        problems: what is wrong with it as a whole.
        focus: which of its controls the page goes to: ``field``, ``set``, ``add`` or ``remove``.
    """

    name: str
    steps: Steps
    label: str
    hint: str = ""
    bounds: str = ""
    was: Value = MISSING
    can_unset: bool = False
    problems: list[str] = field(default_factory=list)
    focus: str = ""
    kind: ClassVar[str] = ""

    @property
    def key(self) -> str:
        """The last step, as it stands in the arguments."""
        return str(self.steps[-1])

    @property
    def anchor(self) -> str:
        """The id that its place on the page has."""
        return f"part-{self.name}"

    @property
    def target(self) -> str:
        """The id of the control that a link to it goes to."""
        bound = next((part.bound for part in self.walk() if isinstance(part, Leaf)), None)
        return (bound.id_for_label or f"{bound.auto_id}_0") if bound else self.anchor

    @property
    def state_name(self) -> str:
        """The name of the hidden field that says whether it is set."""
        return state_name(self.name)

    @property
    def children(self) -> list["Part"]:
        """The parts in it."""
        return []

    def value(self, cleaned: Mapping[str, Any]) -> Value:
        """Return the value; what is wrong and therefore not in ``cleaned`` stays as it was."""
        raise NotImplementedError

    def child(self, step: str) -> "Part | None":
        """Return the part that a step of the value's path leads to."""
        return next((part for part in self.children if part.key == step), None)

    def walk(self) -> Iterator["Part"]:
        """Yield it, and all in it."""
        yield self
        for part in self.children:
            yield from part.walk()


@dataclass(kw_only=True)
class Leaf(Part):
    """A value with a field of its own."""

    bound: BoundField | None = None
    kind: ClassVar[str] = "leaf"

    def value(self, cleaned: Mapping[str, Any]) -> Value:
        """Return what was typed."""
        found: Value = cleaned.get(self.name, self.was)
        return found

    @property
    def was_text(self) -> str:
        """The text before editing; empty when it was no text."""
        return self.was if isinstance(self.was, str) else ""

    @property
    def control(self) -> str:
        """What kind of control shows it: several of them need a legend, not a label."""
        assert self.bound is not None
        kind = self.bound.field.widget.__class__.__name__
        return {"RadioSelect": "choices", "CheckboxSelectMultiple": "choices", "CheckboxInput": "tick"}.get(
            kind, "line"
        )


@dataclass(kw_only=True)
class Group(Part):
    """An object."""

    parts: list[Part] = field(default_factory=list)
    kind: ClassVar[str] = "group"

    @property
    def children(self) -> list[Part]:
        """A part for each property."""
        return self.parts

    def value(self, cleaned: Mapping[str, Any]) -> Value:
        """Return the object, without the properties that are not set."""
        found: dict[str, JsonValue] = {}
        for part in self.parts:
            value = part.value(cleaned)
            if value is not MISSING:
                found[part.key] = value
        return found


@dataclass(kw_only=True)
class Rows(Part):
    """A list."""

    rows: list[Part] = field(default_factory=list)
    following: int = 0
    can_add: bool = True
    can_remove: bool = True
    kind: ClassVar[str] = "rows"

    @property
    def children(self) -> list[Part]:
        """A part for each item."""
        return self.rows

    @property
    def holds_groups(self) -> bool:
        """Whether the items are shown as cards."""
        return any(row.kind != "leaf" for row in self.rows)

    @property
    def rows_name(self) -> str:
        """The name of the hidden field that says which rows there are."""
        return rows_name(self.name)

    @property
    def written(self) -> str:
        """The value of that field."""
        return write_rows(self.ids, self.following)

    @property
    def ids(self) -> list[int]:
        """The numbers of the rows: those below the length before editing stand for the items that were there."""
        return [int(row.key) for row in self.rows]

    def child(self, step: str) -> Part | None:
        """Return the item at a place."""
        return self.rows[int(step)] if step.isdecimal() and int(step) < len(self.rows) else None

    def value(self, cleaned: Mapping[str, Any]) -> Value:
        """Return the list."""
        values = [row.value(cleaned) for row in self.rows]
        return [value for value in values if value is not MISSING]


@dataclass(kw_only=True)
class Unset(Part):
    """A value that is left out, or null.

    Attributes:
        stands_for: null or nothing.
        default: what the tool takes instead, `MISSING` where that is not known.
    """

    stands_for: Value = MISSING
    default: Value = MISSING
    kind: ClassVar[str] = "unset"

    @property
    def has_default(self) -> bool:
        """Whether it is known what the tool takes instead, and that is something."""
        return self.default is not MISSING and self.default is not None

    def value(self, cleaned: Mapping[str, Any]) -> Value:
        """Return null or nothing."""
        return self.stands_for
