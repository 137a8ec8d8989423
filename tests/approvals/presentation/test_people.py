"""Who can still approve, in words."""

import pytest
from django.contrib.auth.models import User

from approvals.presentation.people import still_able_in_words
from approvals.selectors.people import StillAble


@pytest.mark.parametrize(
    ("names", "more", "words"),
    [
        ([], 0, "nobody: more people are needed in the groups"),
        (["kim"], 0, "kim"),
        (["jo", "kim"], 0, "jo, kim"),
        (["jo", "kim"], 3, "jo, kim and 3 more"),
    ],
)
def test_the_first_are_named_and_the_others_counted(names: list[str], more: int, words: str) -> None:
    able = StillAble(named=[User(username=name) for name in names], more=more)
    assert still_able_in_words(able) == words
