"""Which lines of the record whoever decides has to have seen."""

from typing import Final

#: What others do to a request while one reads it. A decision that settles it is refused anyway.
MATTERS: Final = (
    "request.claimed",
    "request.released",
    "request.escalated",
    "comment.added",
    "decision.recorded",
    "decision.taken_back",
)
