"""What a box in the list stands for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from approvals.views.numbers import row_id_in


@dataclass(frozen=True, slots=True)
class Pick:
    """One request that was selected, as its row showed it.

    Attributes:
        seen: the digest of the arguments that an approval would approve, in short.
        version: the newest line of its record; None when the box does not say.
    """

    request_id: int
    seen: str
    version: int | None = None

    @classmethod
    def read(cls, value: str) -> Self | None:
        """Return what ``str()`` of a pick and the rows' template write: ``7:sha256:…@1234``; None for anything else."""
        number, _, shown = value.partition(":")
        seen, _, version = shown.partition("@")
        request_id = row_id_in(number)
        return None if request_id is None else cls(request_id, seen, row_id_in(version))

    def __str__(self) -> str:
        return f"{self.request_id}:{self.seen}@{self.version or ''}"


def read_picks(values: Iterable[str]) -> list[Pick]:
    """Return what was selected, each request once."""
    picks = (pick for value in values if (pick := Pick.read(value)))
    return list({pick.request_id: pick for pick in picks}.values())
