"""Agents' words and values are safe to show, and nothing in them hides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.presentation.text import prose, reveal


def test_plain_text_stays_as_it_is() -> None:
    assert reveal("Business trip, 5 nights\nsecond line\t한국어 é") == "Business trip, 5 nights\nsecond line\t한국어 é"


def test_markup_becomes_characters() -> None:
    assert reveal("<b>\"'&") == "&lt;b&gt;&quot;&#x27;&amp;"


@pytest.mark.parametrize(
    ("character", "number"),
    [
        ("\u202e", "U+202E"),
        ("\u200b", "U+200B"),
        ("\u2066", "U+2066"),
        ("\ufeff", "U+FEFF"),
        ("\u00ad", "U+00AD"),
        ("\u3164", "U+3164"),
        ("\x00", "U+0000"),
        ("\x1b", "U+001B"),
        ("\u2028", "U+2028"),
    ],
)
def test_a_character_that_hides_or_turns_others_is_shown_by_its_number(character: str, number: str) -> None:
    for shown in (reveal(f"pay{character}me"), prose(f"pay{character}me")):
        assert character not in shown
        assert number in shown


def test_prose_keeps_simple_markdown() -> None:
    shown = prose("**bold** and `code`\n\n- one\n- two")
    for part in ("<strong>bold</strong>", "<code>code</code>", "<li>one</li>"):
        assert part in shown


@pytest.mark.parametrize(
    "words",
    [
        "[text](https://example.org)",
        "![image](https://example.org/x.png)",
        "<https://example.org>",
        "<a href='https://example.org'>x</a>",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "# heading",
    ],
)
def test_prose_has_no_links_images_headings_or_html(words: str) -> None:
    shown = prose(words)
    for markup in ("<a", "<img", "<script", "<h1"):
        assert markup not in shown


@given(st.text())
def test_no_text_at_all_breaks_out(text: str) -> None:
    assert "<" not in reveal(text).replace("<span class=", "").replace("</span>", "")
    allowed = ("p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr")
    for piece in prose(text).split("<")[1:]:
        assert piece.lstrip("/").split(">")[0].split()[0].rstrip("/") in allowed
