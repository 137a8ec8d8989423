"""How somebody likes the pages."""

import pytest
from django.contrib.auth.models import User

from approvals.errors import InvalidInput
from approvals.models import Preferences
from approvals.services.preferences import prefer


def kept(user: User) -> tuple[str, str]:
    preferences = Preferences.objects.get(user=user)
    return preferences.language, preferences.theme


def test_a_choice_is_kept_and_leaves_the_other_as_it_is(reviewer: User) -> None:
    prefer(user=reviewer, language="ko")
    prefer(user=reviewer, theme="dark")
    assert kept(reviewer) == ("ko", "dark")


def test_a_choice_can_be_given_back(reviewer: User) -> None:
    prefer(user=reviewer, language="ko", theme="dark")
    prefer(user=reviewer, language="", theme="")
    assert kept(reviewer) == ("", "")


@pytest.mark.parametrize("wish", [{"language": "xx"}, {"theme": 'dark" onload="'}, {"language": "ko", "theme": "x"}])
def test_what_there_is_not_cannot_be_chosen(reviewer: User, wish: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        prefer(user=reviewer, **wish)
    assert not Preferences.objects.exists()
