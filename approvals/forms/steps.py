"""Steps of editing that change which fields there are: a row more or less, a value that is set or left out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.http import QueryDict

from approvals.forms.names import rows_name, state_name, write_rows
from approvals.forms.parts import Leaf, Part, Rows

#: What the buttons post a step in.
STEP: Final = "step"


class Verb(StrEnum):
    """What a step does."""

    ADD = "add"
    REMOVE = "remove"
    SET = "set"
    UNSET = "unset"
    REVIEW = "review"
    PREVIEW = "preview"


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: the part that it is about; of a list when a row is added, of the row when it is removed.
    """

    verb: Verb
    name: str = ""

    @classmethod
    def read(cls, text: str) -> "Step":
        """Return the step that a button posts as ``verb:name``; anything else only shows what there is."""
        verb, _, name = text.partition(":")
        return cls(Verb(verb), name) if verb in list(Verb) else cls(Verb.REVIEW)


@dataclass(frozen=True)
class Stepped:
    """What is posted after a step.

    Attributes:
        fresh: the part that is new.
        focus: the part that the page goes to.
        control: which of its controls.
    """

    data: QueryDict
    fresh: str = ""
    focus: str = ""
    control: str = ""


def take(step: Step, parts: dict[str, Part], posted: QueryDict) -> Stepped:
    """Return what the page would have posted had the step been taken before; ``parts`` are all there are, by name."""
    data = posted.copy()
    part = parts.get(step.name)
    if step.verb is Verb.ADD and isinstance(part, Rows) and part.can_add:
        data[rows_name(part.name)] = write_rows([*part.ids, part.following], part.following + 1)
        fresh = f"{part.name}/{part.following}"
        return Stepped(data, fresh, fresh, "field")
    if step.verb is Verb.REMOVE and part is not None:
        return _without(part, parts, data)
    if step.verb in (Verb.SET, Verb.UNSET) and part is not None and part.can_unset:
        data[state_name(part.name)] = step.verb.value
        fresh = part.name if step.verb is Verb.SET else ""
        return Stepped(data, fresh, part.name, "field" if fresh else "set")
    return Stepped(data)


def focus_on(part: Part, control: str) -> None:
    """Mark the control that the page goes to: a new part's first field, or its button where it has none."""
    fields = [inner for inner in part.walk() if isinstance(inner, Leaf)]
    if control == "field" and fields:
        bound = fields[0].bound
        assert bound is not None
        bound.field.widget.attrs["autofocus"] = True
    elif control == "field":
        part.focus = "add" if isinstance(part, Rows) else "unset"
    else:
        part.focus = control


def _without(part: Part, parts: dict[str, Part], data: QueryDict) -> Stepped:
    """Take a row out of its list; the page goes to the one that takes its place, else to the one before it."""
    rows = parts.get(part.name.rpartition("/")[0])
    if not isinstance(rows, Rows) or not rows.can_remove:
        return Stepped(data)
    place = rows.ids.index(int(part.key))
    left = [row for row in rows.rows if row is not part]
    data[rows_name(rows.name)] = write_rows((int(row.key) for row in left), rows.following)
    if not left:
        return Stepped(data, focus=rows.name, control="add")
    return Stepped(data, focus=left[min(place, len(left) - 1)].name, control="remove")
