"""What one page is still to be told: it never grows beyond a bound, however slowly the page reads."""

import asyncio
from typing import Final

#: What a socket says: a kind, and an id or True. It goes out as ``{kind: value}``.
type Message = tuple[str, int]

CHANGED: Final = "changed"
LOOKING: Final = "looking"
ENGINE: Final = ("engine", True)
#: Something was missed: the page asks for everything, so nothing else needs to be said.
REFRESH: Final = ("refresh", True)

_AT_MOST: Final = 200


class Outbox:
    """Messages in their order, each once. Who reads so slowly that too many wait is told one `REFRESH` instead."""

    def __init__(self, at_most: int = _AT_MOST) -> None:
        """Make an empty one that holds up to ``at_most`` messages."""
        self._at_most = at_most
        self._due: dict[Message, None] = {}
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._due)

    def put(self, message: Message) -> None:
        """Add a message, unless it waits already or a refresh does."""
        if REFRESH in self._due:
            return
        self._due[message] = None
        if message == REFRESH or len(self._due) > self._at_most:
            self._due = {REFRESH: None}
        self._filled.set()

    async def next(self) -> Message:
        """Wait for a message, take it out and return it."""
        await self._filled.wait()
        message = next(iter(self._due))
        del self._due[message]
        if not self._due:
            self._filled.clear()
        return message
