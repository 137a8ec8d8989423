"""docs/capabilities.md as rows, and the samples that it says how to try."""

import re
from dataclasses import dataclass
from typing import Final

from tests.docs.pages import ROOT, rows

PAGE: Final = (ROOT / "docs" / "capabilities.md").read_text()

_ROW: Final = re.compile(
    r"(?P<meaning>.+?)\n\n\*\*See it\.\*\* (?P<shown>.+?)\n\n\*\*Held by\*\*\n\n(?P<held>.+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Row:
    """One capability or use case.

    Attributes:
        meaning: what it means here.
        shown: where to see it, and what to type there.
        held: the tests that hold it.
    """

    name: str
    meaning: str
    shown: str
    held: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A message to a sample, and what comes of it.

    Attributes:
        state: what its run does then, as the console says it.
        asks: how what people are asked begins, or a part of it.
        later: the same of what they are asked once that is decided.
        answer: how its answer begins when people have approved everything, or a part of it.
    """

    service: str
    message: str
    state: str
    asks: tuple[str, ...]
    later: tuple[str, ...]
    answer: str


def capabilities() -> list[Row]:
    """Return all rows, in their order; one without its three parts is left out."""
    parts = [section.partition("\n\n") for section in re.split(r"^### ", _of_rows(), flags=re.MULTILINE)[1:]]
    found = [(name, _ROW.fullmatch(text.strip())) for name, _, text in parts]
    return [Row(name, **match.groupdict()) for name, match in found if match]


def samples() -> list[Sample]:
    """Return what the table of samples says."""
    table = PAGE.split("<!-- table: samples -->\n")[1].split("\n\n")[0]
    return [_sample(*cells) for cells in rows(table)[1:]]


def _sample(service: str, message: str, state: str, asks: str, answer: str) -> Sample:
    first, _, later = asks.partition("; then ")
    return Sample(service.strip("`"), message, state, _listed(first), _listed(later), answer)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("; ")))


def _of_rows() -> str:
    """Return what stands between the first heading of rows and the last section; inner headings of it fall away."""
    text = PAGE.split("\n## Capabilities\n")[1].split("\n## What it does not do\n")[0]
    return text.replace("\n## Use cases\n", "")
