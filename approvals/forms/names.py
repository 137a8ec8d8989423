"""How the parts of the form are called in what a page posts.

A part's name is the way to it, joined by slashes. In a name a tilde begins the number of a character that would mean
something else, and it begins a mark, so no two things ever have the same name.
"""

import re
from collections.abc import Iterable
from typing import Final

from django.http import QueryDict

from approvals.rules.changes import Steps

PREFIX: Final = "edit"
_SPECIAL: Final = re.compile(r"[~/\s\x00]")
_STATE: Final = "~is"
_ROWS: Final = "~rows"
_LONGEST_ID: Final = 6


def name_of(steps: Steps) -> str:
    """Return the name of the part that ``steps`` lead to."""
    return "/".join(_SPECIAL.sub(lambda found: f"~{ord(found[0]):x}.", str(step)) for step in steps)


def posted_name(name: str) -> str:
    """Return the name that a field has in the page's form."""
    return f"{PREFIX}-{name}"


def state_name(name: str) -> str:
    """Return the name of the hidden field that says whether a part is set."""
    return posted_name(name) + _STATE


def rows_name(name: str) -> str:
    """Return the name of the hidden field that holds which rows a list has."""
    return posted_name(name) + _ROWS


def is_within(name: str, outer: str) -> bool:
    """Tell whether a part is ``outer`` or stands in it."""
    return name == outer or name.startswith(outer + "/")


def write_rows(rows: Iterable[int], following: int) -> str:
    """Return the value of a list's hidden field: its rows in order, and the number that the next one gets."""
    return f"{','.join(str(row) for row in rows)}|{following}"


def read_rows(data: QueryDict, name: str, most: int) -> tuple[list[int], int] | None:
    """Return what `write_rows` wrote, at most so many rows; None where nothing was."""
    written = data.get(rows_name(name))
    if written is None:
        return None
    rows, _, following = written.partition("|")
    ids = [int(row) for row in rows.split(",") if row.isascii() and row.isdecimal() and len(row) <= _LONGEST_ID]
    ids = list(dict.fromkeys(ids))[:most]
    wanted = int(following) if following.isascii() and following.isdecimal() and len(following) <= _LONGEST_ID else 0
    return ids, max([wanted, *(row + 1 for row in ids)])
