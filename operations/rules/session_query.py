"""What an operator asks the list of sessions for: which, words and a service. An address, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from operations.rules.run_query import LONGEST_WORDS


class Those(StrEnum):
    """Which sessions a list begins with: all, those where something goes on, those that hold a conversation."""

    ALL = "all"
    BUSY = "busy"
    TALKS = "talks"


@dataclass(frozen=True, slots=True)
class SessionQuery:
    """One question to the list of sessions.

    Attributes:
        q: words that service and key hold, as ``service/key``; empty when they do not matter.
        service: the name of one; empty when it does not matter.
    """

    those: Those = Those.ALL
    q: str = ""
    service: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read an address's parameters; what means nothing is left out."""
        those = given.get("those", "")
        return cls(
            those=Those(those) if those in list(Those) else Those.ALL,
            q=" ".join(given.get("q", "").replace("\x00", " ").split())[:LONGEST_WORDS],
            service=given.get("service", ""),
        )

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list: name to value, the words included."""
        return {name: value for name, value in (("q", self.q), ("service", self.service)) if value}

    def changed(self, **changes: str) -> Self:
        """Return the question with ``those`` or other filters; empty takes a filter away."""
        return type(self).read({"those": self.those, **self.filters, **changes})

    def written(self) -> str:
        """Return the query string that `read` reads back; what goes without saying is left out."""
        those = {"those": self.those.value} if self.those is not Those.ALL else {}
        return urlencode(those | self.filters)
