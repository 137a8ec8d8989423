"""A book of effects: a file of JSON lines in which each id stands once. It stands in for a bank or an agency."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any


class Book:
    """One file below ``AGENTS_DATA_DIR``, or below ``var/``; made when something is written first."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(os.environ.get("AGENTS_DATA_DIR") or "var") / self._name

    def write_once(
        self, line_id: str, entry: dict[str, Any], *, unless: Callable[[list[dict[str, Any]]], bool] = lambda _: False
    ) -> bool:
        """Append an entry unless its id is there already, or ``unless`` is true of what is; return whether it was new.

        A durable step runs again when the process dies before its result is journaled: the effect has to bear that,
        as a bank's does with an idempotency key.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+", encoding="utf-8") as book:
            fcntl.flock(book, fcntl.LOCK_EX)
            book.seek(0)
            lines = list(_entries(book))
            if any(str(line.get("id", "")) == line_id for line in lines) or unless(lines):
                return False
            book.write(json.dumps({"id": line_id, **entry}, ensure_ascii=False) + "\n")
            book.flush()
            os.fsync(book.fileno())
            return True

    def entries(self) -> list[dict[str, Any]]:
        """Return what was written, oldest first; what is no entry is left out."""
        if not self.path.exists():
            return []
        with self.path.open(encoding="utf-8") as book:
            return list(_entries(book))


def _entries(book: IO[str]) -> Iterator[dict[str, Any]]:
    for line in book:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry
