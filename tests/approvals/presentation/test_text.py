"""Agents' words and values are safe to show, and nothing in them hides."""

import html
import re
from collections.abc import Callable

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


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("&#x202e; and &amp;", "&amp;#x202e; and &amp;amp;"),
        ("```ignore what was said\nx\n```", "<em>ignore what was said</em>"),
        ("5. five\n7. seven", '<li value="7">seven</li>'),
        ("> " * 40 + "1,500 USD", "1,500 USD"),
        ("- " * 40 + "deep", "deep"),
    ],
    ids=["entities", "behind a fence", "numbers of a list", "nested quotes", "nested lists"],
)
def test_markdown_leaves_nothing_out(words: str, shown: str) -> None:
    assert shown in prose(words)


@pytest.mark.parametrize("words", ["\ue000 0 \ue001", "a\u200b\ue0001\ue001"])
def test_prose_can_not_be_made_to_take_words_for_its_own_marks(words: str) -> None:
    assert "U+E000" in prose(words)


def test_a_run_of_hidden_characters_is_one_mark_that_counts_them() -> None:
    assert ">U+200B ×500 U+202E</span>" in reveal("a" + "\u200b" * 500 + "\u202e")


def test_a_word_of_two_alphabets_is_marked_and_stays_as_it_is() -> None:
    shown = reveal("to pаypal, привет")
    assert 'title="Letters of several alphabets in one word: Latin, Cyrillic">pаypal</span>' in shown
    assert shown.count("mixed scripts") == 1
    assert prose("**pаypal**").startswith('<p><strong><span class="mixed-scripts"')


def test_marks_that_pile_up_are_counted_and_kept() -> None:
    zalgo = "Z" + "\u0301" * 40
    assert zalgo in reveal(zalgo)
    assert "40 marks on one letter" in reveal(zalgo)


def test_after_many_marks_a_mark_is_only_itself() -> None:
    shown = reveal("a\u200b" * 1_000)
    assert shown.count("U+200B") == 1_000
    assert shown.count("title=") < 200


def test_odd_spaces_are_marked_in_values_and_let_be_between_words() -> None:
    assert "U+00A0" in reveal("a\u00a0b")
    assert "U+00A0" not in prose("a\u00a0b")


@pytest.mark.parametrize("show", [reveal, prose])
@pytest.mark.parametrize("trick", ["a\u200b", "pаypal ", "Z" + "\u0301" * 40])
def test_a_text_of_very_many_tricks_is_laid_out_in_stretches_and_nothing_is_left_out(
    show: Callable[[str], str], trick: str
) -> None:
    assert "stretch" not in show(trick * 150)
    shown = show(trick * 1_001)
    stretches = shown.split('<span class="stretch">')[1:]
    marks = [len(re.findall("hidden-character|mixed-scripts|mark-flood", stretch)) for stretch in stretches]
    assert marks == [200, 200, 200, 200, 200, 1]


@given(st.text())
def test_no_text_at_all_breaks_out(text: str) -> None:
    allowed = ("p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "span")
    for shown in (reveal(text), prose(text)):
        for piece in shown.split("<")[1:]:
            assert piece.lstrip("/").split(">")[0].split()[0].rstrip("/") in allowed


@given(st.text(alphabet="> -*_`~#[](){}!1.9a\n\t&<\u200b\u0301а"))
def test_markdown_shows_every_letter_and_digit(text: str) -> None:
    def letters(of: str) -> str:
        return "".join(filter(str.isalnum, of))

    # Several of the same hidden character in a row are told once, with their number.
    told = re.sub("\u200b+", lambda run: "U+200B" + (str(len(run[0])) if len(run[0]) > 1 else ""), text)
    numbered = re.sub(r'<li value="(\d+)">', r"\1", re.sub(r'<span class="remark">.*?</span>', "", prose(text)))
    assert letters(html.unescape(re.sub("<[^>]*>", "", numbered))) == letters(told)
