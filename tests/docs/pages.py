"""The documentation as text, blocks and tables."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_BLOCK: Final = re.compile(
    r"(?:<!-- example: (?P<mark>\w+) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_NAME: Final = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        line: where it starts in its page.
        mark: the word of the comment above it, as in ``<!-- example: Receipt -->``; may be empty.
    """

    page: Path
    line: int
    language: str
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, language: str) -> list[Block]:
    """Return a page's fenced blocks in one language."""
    text = page.read_text()
    return [
        Block(page, text.count("\n", 0, found.start("text")), language, found["mark"] or "", found["text"])
        for found in _BLOCK.finditer(text)
        if found["language"] == language
    ]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _BLOCK.sub("", page.read_text())


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row in ``text``, headings and rulers left out."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def variables(text: str) -> set[str]:
    """Return the names of environment variables in ``text``."""
    return set(_NAME.findall(text))
