"""How often a tool that raises is tried again, and when."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import restate
from pydantic import JsonValue
from restate.serde import JsonSerde

_NONE: Final = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How a durable step is tried again when it raises; the pause doubles from one try to the next.

    Attributes:
        attempts: how many tries in all; after the last one the tool has failed, and the model is told.
        first_pause: how long to wait after the first try.
        longest_pause: how long to wait at most.
        within: for how long to try again; None sets no limit besides ``attempts``.
    """

    attempts: int = 5
    first_pause: timedelta = timedelta(milliseconds=200)
    longest_pause: timedelta = timedelta(seconds=5)
    within: timedelta | None = None

    def __post_init__(self) -> None:
        """Refuse what can't work.

        Raises:
            ValueError: no try at all, or a time that is none.
        """
        if self.attempts < 1:
            raise ValueError("retry: the tool has to be tried at least once")
        if self.first_pause <= _NONE or self.longest_pause < self.first_pause:
            raise ValueError("retry: the first pause has to be longer than nothing, and no longer than the longest")
        if self.within is not None and self.within <= _NONE:
            raise ValueError("retry: within has to be longer than nothing")

    def options(self) -> restate.RunOptions[JsonValue]:
        """Return it as Restate takes it."""
        return restate.RunOptions(
            serde=JsonSerde(),
            max_attempts=self.attempts,
            initial_retry_interval=self.first_pause,
            max_retry_interval=self.longest_pause,
            max_duration=self.within,
        )


#: As any other error of the run: tried as often as its service says, then the run is paused, for an operator to resume.
AS_THE_RUN: Final[restate.RunOptions[JsonValue]] = restate.RunOptions(serde=JsonSerde())
