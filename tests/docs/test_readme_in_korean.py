"""The README in Korean says what the English one says: the same examples, settings, promises and links."""

import re
from collections.abc import Callable
from typing import Final

import pytest

from tests.docs.pages import ROOT, prose, rows

ENGLISH: Final = ROOT / "README.md"
KOREAN: Final = ROOT / "README.ko.md"
_BLOCK: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(((?!README)[^)]+)\)|src(?:set)?=\"([^\"]+)\"")


def code(text: str) -> list[str]:
    return _BLOCK.findall(text)


def links(text: str) -> list[str]:
    return [first or second for first, second in _LINK.findall(text)]


def settings(text: str) -> list[list[str]]:
    """Return the variables with their defaults."""
    return [cells[:2] for cells in rows(text) if re.fullmatch(r"`[A-Z_]+`", cells[0])]


def proofs(text: str) -> list[str]:
    """Return the tests that hold the promises."""
    return re.findall(r"`tests/[^`]+`", text)


def sections(text: str) -> list[str]:
    return re.findall(r"^(#+) ", _BLOCK.sub("", text), re.MULTILINE)


@pytest.mark.parametrize("part", [code, links, settings, proofs, sections])
def test_both_hold_the_same_in_the_same_order(part: Callable[[str], list[object]]) -> None:
    english = part(ENGLISH.read_text())
    assert english
    assert part(KOREAN.read_text()) == english


def test_each_leads_to_the_other_at_the_top() -> None:
    assert "[한국어](README.ko.md)" in prose(ENGLISH).splitlines()[2]
    assert "[English](README.md)" in prose(KOREAN).splitlines()[2]
