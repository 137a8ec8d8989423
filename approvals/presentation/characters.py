"""Which characters of a text hide, turn others, pose as others or pile up. No HTML here, only what is where."""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

#: More combining marks than this on one letter are a flood; no script that people write needs as many.
MOST_MARKS: Final = 8


class Trick(StrEnum):
    """What is wrong with a piece of text."""

    NONE = "none"
    HIDDEN = "hidden"
    SPACE = "space"
    FLOOD = "flood"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; all pieces together are the text."""

    text: str
    trick: Trick


def pieces_of(text: str) -> Iterator[Piece]:
    """Take a text apart where something in it hides, turns others, poses or piles up. Takes linear time."""
    if text.isascii() and not _ASCII_CONTROL.search(text):
        yield Piece(text, Trick.NONE)
        return
    seen = 0
    pattern = _WITH_WORDS if _FOREIGN.search(text) else _TRICKS
    for match in pattern().finditer(text):
        trick = _trick_of(match)
        if trick is Trick.NONE:
            continue
        if match.start() > seen:
            yield Piece(text[seen : match.start()], Trick.NONE)
        yield Piece(match.group(), trick)
        seen = match.end()
    if seen < len(text):
        yield Piece(text[seen:], Trick.NONE)


def scripts_in(word: str) -> list[str]:
    """Return the names of the alphabets of a word whose letters are taken for each other."""
    return [name for name, letters in _ALPHABETS.items() if letters.search(word)]


def name_of(character: str) -> str:
    """Return a character's Unicode name, which is English; one that has none is said what it is."""
    unnamed = {"Cc": _("control character"), "Co": _("private use character"), "Cs": _("half of a character")}
    return unicodedata.name(character, unnamed.get(unicodedata.category(character), _("unassigned character")))


def number_of(character: str) -> str:
    """Return a character's number, such as U+200B."""
    return f"U+{ord(character):04X}"


def _trick_of(match: re.Match[str]) -> Trick:
    kind = match.lastgroup
    if kind == "word":
        return Trick.MIXED if len(scripts_in(match.group())) > 1 else Trick.NONE
    return Trick(kind) if kind and kind != "fine" else Trick.NONE


def _class_of(wanted: Callable[[int], bool], codes: Iterable[int]) -> str:
    """Return the inside of a regular expression's set: the ranges of the code points that are wanted."""
    ranges: list[list[int]] = []
    for code in codes:
        if not wanted(code):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_ASCII_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Format characters (invisible, bidirectional), controls, surrogates, private use and unassigned.
_HIDDEN_CATEGORIES: Final = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
# What shows as nothing although its category says otherwise: fillers, separators, and marks that only select a variant.
_HIDDEN_OTHERS: Final = frozenset(
    map(ord, "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2028\u2029\u2800\u3164\uffa0")
) | frozenset(range(0xFE00, 0xFE10))
# Beyond this nothing is assigned but tags, variation selectors and private use.
_END_OF_LETTERS: Final = 0x323B0
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f"
_EAST_ASIAN: Final = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
# Letters drawn like Latin ones, within alphabets whose other letters (µ, Δ, Ω) stand beside Latin ones in plain use.
_GREEK_DOUBLES: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορτυχ"
_STYLED: Final = "\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7cb"
_ALPHABETS: Final = {
    "Latin": re.compile("[A-Za-z\u00aa-\u00b4\u00b6-\u024f\u1e00-\u1eff]"),
    "Cyrillic": re.compile("[\u0400-\u052f\u1c80-\u1c8f]"),
    "Greek": re.compile(f"[{_GREEK_DOUBLES}]"),
    "Armenian": re.compile("[\u0531-\u0587]"),
    "Cherokee": re.compile("[\u13a0-\u13ff\uab70-\uabbf]"),
    "styled": re.compile(f"[{_STYLED}]"),
}
_FOREIGN: Final = re.compile(
    f"[\u0400-\u052f\u1c80-\u1c8f\u0531-\u0587\u13a0-\u13ff\uab70-\uabbf{_GREEK_DOUBLES}{_STYLED}]"
)

# Letters of which nothing can be wrong by themselves. A run is passed over at once, but for its last, which may be the
# base of a flood or the beginning of a keycap.
_PLAIN: Final = "\n\t -~\u00c0-\u024f\u0400-\u0482\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
_SKIP: Final = f"(?:[{_PLAIN}]+(?=[{_PLAIN}]))"

# A picture, perhaps with a variation selector or a skin colour; several joined; keycaps; the three flags made of tags.
_PICTOGRAPHS: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030"
    "\u303d\u3297\u3299\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f12f\U0001f16c-\U0001f171\U0001f17e\U0001f17f"
    "\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f20f\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f249-\U0001f64f"
    "\U0001f680-\U0001f6ff\U0001f7d5-\U0001f7ff\U0001f900-\U0001faff"
)
_FLAG_TAGS: Final = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in region) for region in ("gbeng", "gbsct", "gbwls")
)
_PICTURE: Final = f"[{_PICTOGRAPHS}](?:[\ufe0e\ufe0f]|[\U0001f3fb-\U0001f3ff])?"
_EMOJI: Final = f"\U0001f3f4(?:{_FLAG_TAGS})\U000e007f|[0-9#*]\ufe0f\u20e3|{_PICTURE}(?:\u200d{_PICTURE}){{0,7}}"
# Scripts in which joiners are part of the spelling: Arabic and Syriac; the Indic ones, Myanmar and Khmer.
_JOINING: Final = (
    (*range(0x0620, 0x0750), *range(0x0750, 0x0780), *range(0x0870, 0x0900)),
    (*range(0x0900, 0x0E00), *range(0x1000, 0x10A0), *range(0x1780, 0x17D4)),
)


def _is_hidden(code: int) -> bool:
    character = chr(code)
    if character in "\n\t":
        return False
    return code in _HIDDEN_OTHERS or unicodedata.category(character) in _HIDDEN_CATEGORIES


def _is_mark(code: int) -> bool:
    return unicodedata.category(chr(code)) in ("Mn", "Me") and code not in _HIDDEN_OTHERS


def _is_letter(code: int) -> bool:
    return unicodedata.category(chr(code))[0] in "LM"


@cache
def _parts() -> tuple[str, str, str]:
    """Return the regular expressions' common parts; made at the first use, since they take a moment."""
    hidden = _class_of(_is_hidden, range(_END_OF_LETTERS)) + f"\\U{_END_OF_LETTERS:08x}-\\U{sys.maxunicode:08x}"
    marks = _class_of(_is_mark, range(0x20000))
    joiners = "|".join(
        f"(?<=[{letters}])[\u200c\u200d](?=[{letters}])"
        for letters in (_class_of(_is_letter, codes) for codes in _JOINING)
    )
    fine = f"(?P<fine>{_EMOJI}|\r\n|{joiners})"
    spaces = f"(?P<space>[{_SPACES}]|(?<![{_EAST_ASIAN}])\u3000(?![{_EAST_ASIAN}]))"
    flood = f"(?P<flood>[^\n][{marks}]{{{MOST_MARKS + 1},}})"
    return f"{fine}|(?P<hidden>[{hidden}]+)|{spaces}", flood, marks


@cache
def _tricks() -> re.Pattern[str]:
    first, flood, _ = _parts()
    return re.compile(f"{_SKIP}|{first}|{flood}")


@cache
def _tricks_and_words() -> re.Pattern[str]:
    first, flood, marks = _parts()
    word = f"(?P<word>(?<![^\\W\\d_])[^\\W\\d_]+(?![{marks}]{{{MOST_MARKS + 1}}}))"
    return re.compile(f"{first}|{flood}|{word}")


_TRICKS: Final = _tricks
_WITH_WORDS: Final = _tricks_and_words
