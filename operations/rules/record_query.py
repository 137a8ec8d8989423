"""What somebody asks the operators' record for. An address, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Self
from urllib.parse import urlencode

LONGEST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """One question to the record. A field is empty when it does not matter.

    Attributes:
        q: words that the subject or the reason holds, or a run's id.
        who: an actor, such as ``user:ada``.
        what: something that was done, such as ``run.kill``.
    """

    q: str = ""
    who: str = ""
    what: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read an address's parameters."""
        return cls(
            q=" ".join(given.get("q", "").replace("\x00", " ").split())[:LONGEST_WORDS],
            who=given.get("who", "").replace("\x00", ""),
            what=given.get("what", "").replace("\x00", ""),
        )

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the record: name to value."""
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in values.items() if value}

    def changed(self, **changes: str) -> Self:
        """Return the question with other filters; empty takes a filter away."""
        return type(self).read({**self.filters, **changes})

    def written(self) -> str:
        """Return the query string that `read` reads back."""
        return urlencode(self.filters)
