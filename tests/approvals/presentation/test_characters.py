"""What hides, poses or piles up in a text is found, and what people write in their languages is let be."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.presentation.characters import MOST_MARKS, Trick, pieces_of


def tricks_in(text: str) -> list[Trick]:
    return [piece.trick for piece in pieces_of(text) if piece.trick is not Trick.NONE]


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧‍👦 👩🏽‍🚀 ❤️ ☎︎ 🏳️‍🌈",
        "🇰🇷 🇩🇪",
        "1️⃣ #️⃣",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष and क्\u200cष",
        "한국어, 日本語\u3000テスト, ภาษาไทยที่, tiếng Việt, עִבְרִית, العربية",
        "привет hello Ελληνικά 5 μm, Δt, kΩ",
        "line\r\nline",
        "e\u0301" + "\u0301" * (MOST_MARKS - 1),
    ],
)
def test_what_people_write_is_let_be(text: str) -> None:
    assert tricks_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "a\u200db",
        "a\ufe0fb",
        "👨\u200d",
        "👨\u200d\u200d👩",
        "a\U000e0100",
        "x\U000e0069\U000e0067\U000e006e",
        "\U0001f3f4\U000e0068\U000e0069\U000e007f",
        "می\u200c ",
        "a\u200cمی",
        "क\u200c\u200cष",
        "\u180b",
        "\ue000",
        "\U0010ffff",
        "\u0378",
        "line\rline",
        "\ud800",
        "😀" + "\u200d😀" * 8,
    ],
)
def test_what_hides_is_found(text: str) -> None:
    assert Trick.HIDDEN in tricks_in(text)


@pytest.mark.parametrize("text", ["a\u00a0b", "a\u2009b", "a\u202fb", "a\u3000b"])
def test_spaces_that_are_no_spaces_are_found(text: str) -> None:
    assert tricks_in(text) == [Trick.SPACE]


@pytest.mark.parametrize("word", ["pаypal", "Gοοgle", "аррle", "ＰayＰal", "𝐩ay", "aՕ", "Ꭺpple"])
def test_a_word_of_several_alphabets_is_found(word: str) -> None:
    assert tricks_in(f"go to {word} now") == [Trick.MIXED]


def test_a_flood_of_marks_is_found_with_the_letter_that_it_is_on() -> None:
    flood = "a" + "\u0336" * (MOST_MARKS + 1)
    assert [piece.text for piece in pieces_of(f"x{flood}y") if piece.trick is Trick.FLOOD] == [flood]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\u200d\ufe0f😀aаα\u0301क\u094d\r\n"))))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces_of(text)) == text


@pytest.mark.parametrize(
    "unit",
    ["é" + "x" * 999, "а" * 999 + "x", "a\u200b", "aа ", "Z" + "\u0301" * 40, "👨‍👩‍👧‍👦", "1", "\u0301", "😀\u200d"],
)
def test_it_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        list(pieces_of(text))
        return time.process_time() - start

    seconds(1_000)
    # Were it quadratic, the larger one would take a minute.
    assert seconds(260_000) < 3
