"""Numbers that somebody else wrote: in an address, or in a form."""

from typing import Final

# Of the largest number that PostgreSQL takes.
_DIGITS: Final = 19


def row_id_in(text: str) -> int | None:
    """Return the number of a row that a text holds; None when it holds none that a row could have."""
    return int(text) if text.isdecimal() and len(text) < _DIGITS else None
