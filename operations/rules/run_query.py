"""What an operator asks the list of runs for: a tab, words and filters. An address, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final, Self
from urllib.parse import urlencode

from restate_bridge.listed_run import ENDED, RunState

LONGEST_WORDS: Final = 200


class Tab(StrEnum):
    """Which runs a list begins with: all that go on, those in one state, those that failed, all that have ended."""

    OPEN = "open"
    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"
    PAUSED = "paused"
    ASLEEP = "asleep"
    QUEUED = "queued"
    SCHEDULED = "scheduled"
    FAILED = "failed"
    ENDED = "ended"


class Age(StrEnum):
    """How long ago a run was made: more than an hour, a day or a week."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


#: The states of each tab; none for all that go on.
STATES: Final[Mapping[Tab, frozenset[RunState]]] = {
    **{Tab(state.value): frozenset({state}) for state in RunState if state.value in Tab.__members__.values()},
    Tab.OPEN: frozenset(),
    Tab.ENDED: ENDED,
}


@dataclass(frozen=True, slots=True)
class RunQuery:
    """One question to the list of runs. Every field but `tab` is empty when it does not matter.

    Attributes:
        q: words that the service, key or handler holds, or a run's id.
        session: the key of a virtual object, whole.
        version: the id of a deployment.
    """

    tab: Tab = Tab.OPEN
    q: str = ""
    service: str = ""
    session: str = ""
    version: str = ""
    age: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read an address's parameters; what means nothing is left out."""
        tab, age = given.get("state", ""), given.get("age", "")
        return cls(
            tab=Tab(tab) if tab in list(Tab) else Tab.OPEN,
            q=" ".join(given.get("q", "").replace("\x00", " ").split())[:LONGEST_WORDS],
            service=given.get("service", ""),
            session=given.get("session", ""),
            version=given.get("version", ""),
            age=age if age in list(Age) else "",
        )

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the tab: name to value, the words included."""
        values = {field.name: str(getattr(self, field.name)) for field in fields(self) if field.name != "tab"}
        return {name: value for name, value in values.items() if value}

    def changed(self, **changes: str) -> Self:
        """Return the question with another tab (``state``) or other filters; empty takes a filter away."""
        return type(self).read({"state": self.tab, **self.filters, **changes})

    def written(self) -> str:
        """Return the query string that `read` reads back; what goes without saying is left out."""
        tab = {"state": self.tab.value} if self.tab is not Tab.OPEN else {}
        return urlencode(tab | self.filters)
