"""What can be of any length, such as a message that a run failed with: a whole page that a proxy sent, a dumped prompt.

Lists and pages that are read every few seconds read its beginning alone.
"""

from typing import Final

#: So many characters of such a text are read.
MOST: Final = 4_000


def beginning_of(column: str) -> str:
    """Return the SQL for a column's beginning, one character longer than what is shown, so that a cut can be told."""
    return f"left({column}, {MOST + 1})"


def with_cut_marked(text: str) -> str:
    """Return a text that `beginning_of` has read, with an ellipsis where it goes on."""
    return text if len(text) <= MOST else f"{text[:MOST]}…"
