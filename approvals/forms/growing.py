"""From a schema and a value to the tree of the form's parts, bounded however deep or wide either of them is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.http import QueryDict

from approvals.forms.bounds import bounds_in_words
from approvals.forms.fields import PickedField
from approvals.forms.names import is_within, name_of, posted_name, read_rows, state_name
from approvals.forms.parts import Group, Leaf, Part, Rows, Unset
from approvals.forms.schema_fields import choices_field, field_for
from approvals.forms.schema_parts import Schema, length_in, resolved, words_in
from approvals.rules.changes import MISSING, Steps, Value

#: Deeper, wider or longer than this it is edited as JSON. Django takes 1,000 posted fields and no more.
DEEPEST: Final = 6
MOST_PROPERTIES: Final = 60
MOST_ROWS: Final = 100
MOST_FIELDS: Final = 300


@dataclass(frozen=True)
class Place:
    """Where a part stands.

    Attributes:
        steps: the way to it; its first step is the whole dotted path of an editable argument.
        label: what it is called where the schema gives no title.
        optional: whether its object may do without it.
    """

    steps: Steps
    label: str
    optional: bool = False

    @property
    def name(self) -> str:
        """What the part is called."""
        return name_of(self.steps)

    def within(self, step: str | int, label: str, *, optional: bool = False) -> "Place":
        """Return the place of a part of this one."""
        return Place((*self.steps, step), label, optional)


@dataclass(frozen=True)
class Held:
    """What a part holds: before editing, and when editing begins."""

    was: Value
    start: Value

    def at(self, step: str | int) -> "Held":
        """Return what one of its parts holds."""
        return Held(_at(self.was, step), _at(self.start, step))


@dataclass
class Growth:
    """One tree while it grows.

    Attributes:
        root: the tool's whole schema.
        data: what was posted; it says what is set and which rows there are.
        fresh: the name of a part that was just added: it begins with what the schema says.
        fields: the fields so far, by name.
    """

    root: Schema
    data: QueryDict | None = None
    fresh: str = ""
    fields: dict[str, forms.Field] = field(default_factory=dict)
    left: int = MOST_FIELDS

    def grow(self, part: object, held: Held, place: Place) -> Part:
        """Return the part for a value."""
        schema = resolved(self.root, part)
        if held.start is MISSING and "default" in schema and self._is_fresh(place):
            held = Held(held.was, schema["default"])
        container = self._container(schema, held, place)
        nullable = schema.get("nullable") is True
        can_unset = place.optional or (container != "" and (nullable or held.was is None))
        about = self._about(schema, held, place, can_unset=can_unset)
        self.left -= 1
        if can_unset and not self._is_set(held, place, container):
            null = held.was is None or (nullable and not (place.optional and held.was is MISSING))
            return Unset(**about, stands_for=None if null else MISSING, default=schema.get("default", MISSING))
        if container == "group":
            return self._group(schema, held, place, about)
        if container == "rows":
            return self._rows(schema, held, place, about)
        return self._leaf(self._field(schema, held), held, about)

    def _is_fresh(self, place: Place) -> bool:
        return bool(self.fresh) and is_within(place.name, self.fresh)

    def _is_set(self, held: Held, place: Place, container: str) -> bool:
        if place.name == self.fresh or (self._is_fresh(place) and held.start is MISSING and not place.optional):
            return True
        posted = self.data.get(state_name(place.name)) if self.data is not None else None
        if posted in ("set", "unset") and not self._is_fresh(place):
            return posted == "set"
        return held.start is not MISSING and not (held.start is None and container)

    def _about(self, schema: Schema, held: Held, place: Place, *, can_unset: bool) -> dict[str, Any]:
        is_row = len(place.steps) > 1 and isinstance(place.steps[-1], int)
        return {
            "name": place.name,
            "steps": place.steps,
            "label": place.label if is_row else _label(schema, place.label),
            # What every item of a list is, the list has said.
            "hint": "" if is_row else words_in(schema, "description"),
            "bounds": bounds_in_words(schema),
            "was": held.was,
            "can_unset": can_unset,
        }

    def _container(self, schema: Schema, held: Held, place: Place) -> str:
        """Return ``group`` or ``rows`` where the value can be taken apart, else nothing."""
        if len(place.steps) > DEEPEST or self.left <= 0 or self._was_posted_as_one(place):
            return ""
        if schema.get("type") == "object" and _is_closed(schema, held.start):
            return "group"
        if schema.get("type") == "array" and self._has_rows(schema, held.start):
            return "rows"
        return ""

    def _was_posted_as_one(self, place: Place) -> bool:
        """Tell whether the page held one field for the whole value, so that the answer is read as it was asked."""
        return self.data is not None and posted_name(place.name) in self.data and not self._is_fresh(place)

    def _has_rows(self, schema: Schema, start: Value) -> bool:
        items = resolved(self.root, schema.get("items"))
        plain = "type" in items or "enum" in items
        fits = start is None or start is MISSING or (isinstance(start, list) and len(start) <= MOST_ROWS)
        return plain and fits and "prefixItems" not in schema and not self._picks(schema, start)

    def _picks(self, schema: Schema, start: Value) -> PickedField | None:
        if schema.get("type") != "array" or schema.get("uniqueItems") is not True or start is None:
            return None
        return choices_field(resolved(self.root, schema.get("items")), start)

    def _field(self, schema: Schema, held: Held) -> forms.Field:
        if (isinstance(held.start, list) or held.start is MISSING) and self.left > 0:
            picks = self._picks(schema, held.was)
            if picks:
                self.left -= picks.size
                return picks
        return field_for(schema, held.was)

    def _leaf(self, made: forms.Field, held: Held, about: dict[str, Any]) -> Part:
        name = about["name"]
        made.label = about["label"]
        made.initial = None if held.start is MISSING else held.start
        self.fields[name] = made
        if self.data is not None and self.fresh and is_within(name, self.fresh):
            write_start(self.data, posted_name(name), made)
        return Leaf(**about)

    def _group(self, schema: Schema, held: Held, place: Place, about: dict[str, Any]) -> Part:
        required = schema.get("required")
        needed = required if isinstance(required, list) else []
        if isinstance(held.was, dict):
            # What is missing although it is required is not made up: the reviewer may set it.
            needed = [name for name in needed if name in held.was]
        parts = [
            self.grow(part, held.at(name), place.within(name, name, optional=name not in needed))
            for name, part in schema["properties"].items()
        ]
        return Group(**about, parts=parts)

    def _rows(self, schema: Schema, held: Held, place: Place, about: dict[str, Any]) -> Part:
        least, most = length_in(schema, "minItems") or 0, length_in(schema, "maxItems")
        begun = len(held.start) if isinstance(held.start, list) else min(least, MOST_ROWS)
        posted = read_rows(self.data, place.name, MOST_ROWS) if self.data is not None else None
        ids, following = posted or (list(range(begun)), begun)
        rows = [
            self.grow(schema["items"], held.at(row), place.within(row, str(number)))
            for number, row in enumerate(ids, start=1)
        ]
        return Rows(
            **about,
            rows=rows,
            following=following,
            can_add=len(rows) < min(MOST_ROWS if most is None else most, MOST_ROWS) and self.left > 0,
            can_remove=len(rows) > least,
        )


def _label(schema: Schema, name: str) -> str:
    """Return the title where it says something else than the name that the argument has everywhere else."""
    title = words_in(schema, "title")
    is_made_of_name = title.replace(" ", "_").casefold() == name.rpartition(".")[2].casefold()
    return name if is_made_of_name or not title else title


def _is_closed(schema: Schema, start: Value) -> bool:
    """Tell whether the properties of an object are all known."""
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or not 0 < len(properties) <= MOST_PROPERTIES:
        return False
    if schema.get("additionalProperties", False) is not False or "patternProperties" in schema:
        return False
    return start is None or start is MISSING or (isinstance(start, dict) and start.keys() <= properties.keys())


def _at(value: Value, step: str | int) -> Value:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step, MISSING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return MISSING


def write_start(data: QueryDict, name: str, made: forms.Field) -> None:
    """Write a new field's first value where a page would have posted it."""
    first = made.prepare_value(made.initial)
    data.pop(name, None)
    if isinstance(first, list):
        data.setlist(name, [str(one) for one in first])
    elif isinstance(made, forms.BooleanField):
        data.update({name: "on"} if first else {})
    elif first is not None:
        data[name] = str(first)
