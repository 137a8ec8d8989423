"""What differs between two texts, by words or by lines."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from approvals.rules.changes import Kind

_WORDS: Final = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
#: More words than this are compared by lines, more lines not at all: a comparison takes the square of their number.
_MOST_TOKENS: Final = 1_200


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text.

    Attributes:
        kind: added or removed; None when both texts hold it.
    """

    kind: Kind | None
    text: str


def pieces_between(before: str, after: str) -> list[Piece]:
    """Return the pieces that make up both: without the added ones the first, without the removed ones the second."""
    for tokens in (_WORDS.findall, _lines):
        old, new = tokens(before), tokens(after)
        start, end = _shared(old, new)
        if max(len(old), len(new)) - start - end <= _MOST_TOKENS:
            return _pieces(old, new, start, end)
    return [Piece(kind, text) for kind, text in ((Kind.REMOVED, before), (Kind.ADDED, after)) if text]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _shared(old: list[str], new: list[str]) -> tuple[int, int]:
    """Return how many tokens the two have in common at their beginnings, and at their ends."""
    shortest = min(len(old), len(new))
    start = next((index for index in range(shortest) if old[index] != new[index]), shortest)
    rest = shortest - start
    end = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    return start, end


def _pieces(old: list[str], new: list[str], start: int, end: int) -> list[Piece]:
    middle, fresh = old[start : len(old) - end], new[start : len(new) - end]
    found = [Piece(None, "".join(old[:start]))]
    for operation, a, b, c, d in SequenceMatcher(None, middle, fresh).get_opcodes():
        if operation == "equal":
            found.append(Piece(None, "".join(middle[a:b])))
            continue
        found += [Piece(Kind.REMOVED, "".join(middle[a:b])), Piece(Kind.ADDED, "".join(fresh[c:d]))]
    found.append(Piece(None, "".join(old[len(old) - end :])))
    return [piece for piece in found if piece.text]
