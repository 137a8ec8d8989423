"""Who looks, in words."""

import pytest

from approvals.presentation.presence import looking_in_words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Kim"], "Kim is looking at this too."),
        (["Jo", "Kim"], "Jo and Kim are looking at this too."),
        (["Jo", "Kim", "Lee"], "Jo, Kim and Lee are looking at this too."),
        (["Jo", "Kim", "Lee", "Max"], "Jo, Kim, Lee and 1 more are looking at this too."),
        (["Jo", "Kim", "Lee", "Max", "Noa"], "Jo, Kim, Lee and 2 more are looking at this too."),
    ],
)
def test_up_to_three_are_named(names: list[str], words: str) -> None:
    assert looking_in_words(names) == words


def test_a_percent_sign_in_a_name_is_a_percent_sign() -> None:
    assert looking_in_words(["100%(first)s"]) == "100%(first)s is looking at this too."
