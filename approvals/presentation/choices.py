"""What narrows or orders a list, as links."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

type Words = str | StrPromise


@dataclass(frozen=True, slots=True)
class Choice:
    """One link.

    Attributes:
        label: its words; of an agent or tool they are the agent's own.
        query: the query string that it leads to.
        chosen: whether it is what is shown.
        count: how many there are behind it, empty where that is not counted.
        key: the letter that leads there after a g.
    """

    label: Words
    query: str
    chosen: bool = False
    count: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """The choices of one filter."""

    name: str
    label: Words
    choices: list[Choice]
