"""When within a run something was, as a bar."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

#: How long a bar's ground is, in units of its picture.
WHOLE: Final = 1000
_SHORTEST: Final = 6
_GROWS_BY: Final = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar on a ground that is `WHOLE` long.

    Attributes:
        is_open: whether what it stands for goes on; it then reaches to the end of the ground.
    """

    left: int
    length: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """The time that the ground of a run's bars stands for."""

    begin: datetime
    length: timedelta

    @classmethod
    def from_to(cls, begin: datetime, end: datetime) -> Self:
        """Return the scale of a run that has ended."""
        return cls(begin, max(end - begin, timedelta(milliseconds=1)))

    @classmethod
    def still_open(cls, begin: datetime, now: datetime) -> Self:
        """Return the scale of a run that goes on. It grows in leaps, so that a page that nothing happens on stays."""
        seconds = max(1.0, (now - begin).total_seconds())
        return cls(begin, timedelta(seconds=_GROWS_BY ** math.ceil(math.log(seconds, _GROWS_BY))))

    def bar(self, began: datetime | None, ended: datetime | None, *, is_open: bool = False) -> Bar | None:
        """Return the bar of what began and ended then; None where the beginning is not known."""
        if began is None:
            return None
        left = min(self._place(began), WHOLE - _SHORTEST)
        right = WHOLE if is_open else self._place(ended or began)
        return Bar(left, max(_SHORTEST, right - left), is_open)

    def _place(self, at: datetime) -> int:
        return round(WHOLE * min(1.0, max(0.0, (at - self.begin) / self.length)))
