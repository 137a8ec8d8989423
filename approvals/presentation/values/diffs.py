"""Unified diffs, read strictly: what is not quite one is shown as the text that it is. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_LINES: Final = 2_000
_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@.*")
_HEAD = re.compile(r"(diff |index |--- |\+\+\+ |new file |deleted file |old mode |new mode |similarity |rename ).*|")


class Change(StrEnum):
    """What a line of a diff is."""

    HEAD = "head"
    HUNK = "hunk"
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line: its text without the sign, and its numbers before and after, where it has them."""

    change: Change
    text: str
    old: int | None = None
    new: int | None = None


def lines_of_diff(text: str) -> list[DiffLine]:
    """Return the lines of a unified diff; empty when the text is none, or too long to be read as one."""
    if "@@ -" not in text or text.count("\n") > MOST_LINES:
        return []
    try:
        lines = list(_read(text.removesuffix("\n").split("\n")))
    except ValueError:
        return []
    return lines if any(line.change is Change.HUNK for line in lines) else []


def _read(lines: list[str]) -> Iterator[DiffLine]:
    old = new = old_left = new_left = 0
    for text in lines:
        if text.startswith("\\"):
            yield DiffLine(Change.NOTE, text)
        elif old_left or new_left:
            line = _changed(text, old, new)
            old, old_left = (old, old_left) if line.old is None else (old + 1, old_left - 1)
            new, new_left = (new, new_left) if line.new is None else (new + 1, new_left - 1)
            if min(old_left, new_left) < 0:
                raise ValueError("a hunk is longer than it says")
            yield line
        elif hunk := _HUNK.fullmatch(text):
            old, new = int(hunk[1]), int(hunk[3])
            old_left, new_left = int(hunk[2] or 1), int(hunk[4] or 1)
            yield DiffLine(Change.HUNK, text)
        elif _HEAD.fullmatch(text):
            yield DiffLine(Change.HEAD, text)
        else:
            raise ValueError("neither a heading nor a hunk")
    if old_left or new_left:
        raise ValueError("a hunk is shorter than it says")


def _changed(text: str, old: int, new: int) -> DiffLine:
    sign, rest = text[:1], text[1:]
    if sign == "+":
        return DiffLine(Change.ADDED, rest, new=new)
    if sign == "-":
        return DiffLine(Change.REMOVED, rest, old=old)
    if sign in (" ", ""):
        return DiffLine(Change.SAME, rest, old, new)
    raise ValueError("a line without a sign")
