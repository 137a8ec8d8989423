"""Signed tokens in texts."""

import pytest

from operations.presentation.signed import holds_token, without_tokens

TOKEN = "eyJhbGciOiJFZERTQSIsImtpZCI6ImEifQ.eyJpc3MiOiJjb3VudGVyc2lnbiJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"


@pytest.mark.parametrize(
    "text", ["{}", "Bearer {}.", '["{}", "{}"]', "of long ago: {}\n", "a-{}", "({})", r"no\n{}", r"\\n{}", r"\u0001{}"]
)
def test_a_token_is_taken_out_and_the_rest_stays(text: str) -> None:
    assert holds_token(text.replace("{}", TOKEN))
    assert without_tokens(text.replace("{}", TOKEN)) == text.replace("{}", "(signed token)")


@pytest.mark.parametrize("length", [len(TOKEN), len(TOKEN) - 10, len(TOKEN) - 35, len(TOKEN) - 60])
def test_no_token_is_shown_whole_or_cut(length: int) -> None:
    assert without_tokens(f"Rejected by somebody:\n{TOKEN[:length]}…") == "Rejected by somebody:\n(signed token)…"


@pytest.mark.parametrize("text", ["", "eyJ", "eyJhbGci.eyJ", "a.b.c", "keyJabc.def.ghi", "eyJ.a.b"])
def test_what_is_none_stays(text: str) -> None:
    assert not holds_token(text)
    assert without_tokens(text) == text


def test_what_is_no_token_stays() -> None:
    assert without_tokens("eyJ is how JSON begins in base64, as in eyJhIjoxfQ, and goes on") == (
        "eyJ is how JSON begins in base64, as in eyJhIjoxfQ, and goes on"
    )


@pytest.mark.parametrize("text", ["-eyJa" * 400_000, "-eyJa." * 400_000, ("-eyJa" * 150 + ".") * 2_000])
def test_a_text_made_to_be_searched_for_long_is_not(text: str) -> None:
    without_tokens(text)
