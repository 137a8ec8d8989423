"""The tests that look for tokens find them, and nothing else."""

import pytest

from tests.tokens import begun_tokens

TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJjIn0.c2ln"


@pytest.mark.parametrize("before", ["", "Bearer ", '"', "no\n", r"no\n", "?value=%22", "&#x27;", "sealed:", ">"])
@pytest.mark.parametrize("token", [TOKEN, TOKEN[:10], "eyJ"], ids=["whole", "half", "three letters"])
def test_a_token_is_found_whatever_stands_before_it(before: str, token: str) -> None:
    assert begun_tokens(f"{before}{token} and more") == [token]


@pytest.mark.parametrize("text", ["inv_1keyJ3Ym01HQ", "sign_1son-eyJ_ACob7U8", "a keyJab", "eyes"])
def test_letters_inside_an_id_or_a_word_are_no_token(text: str) -> None:
    assert begun_tokens(text) == []
