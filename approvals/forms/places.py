"""Where the fields stand among the rows of the table of arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.forms.parts import Part
from approvals.presentation.values import Row


@dataclass(frozen=True, slots=True)
class TablePlace:
    """One row of the table while it is edited: an argument that is shown, or a part that is edited, or both.

    Attributes:
        row: how the argument is shown; None for a part that takes several rows, or has none yet.
        part: how it is edited, None where it can't be.
    """

    row: Row | None
    part: Part | None = None


def places_of(rows: Sequence[Row], parts: Sequence[Part]) -> list[TablePlace]:
    """Return the rows in their order, each part where its argument stands, those without a row at the end."""
    places: list[TablePlace] = []
    placed: set[str] = set()
    for row in rows:
        part = part_for(row.path, parts)
        if part is None:
            places.append(TablePlace(row))
        elif part.name not in placed:
            places.append(TablePlace(row if row.path == part.steps[0] else None, part))
            placed.add(part.name)
    return places + [TablePlace(None, part) for part in parts if part.name not in placed]


def part_for(path: str, parts: Sequence[Part]) -> Part | None:
    """Return the part in which the argument of a row is edited, None where it can't be."""
    return next((part for part in parts if path == part.steps[0] or path.startswith(f"{part.steps[0]}.")), None)
