"""Language and theme: whose wish counts, and where one gets back to."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from approvals.models import Preferences
from approvals.services.preferences import prefer


@pytest.fixture
def client(reviewer: User) -> Client:
    client = Client()
    client.force_login(reviewer)
    return client


def opening_tag(client: Client, path: str = "/", wish: str = "") -> str:
    page = client.get(path, headers={"accept-language": wish}).content.decode()
    return page[page.index("<html") :].partition(">")[0]


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("xx, ko;q=0.5", "ko"),
        ("en-GB, ko;q=0.5", "en"),
        ("*", "en"),
        ("ko;q=0, xx;;;, \u0000", "en"),
    ],
)
def test_the_browser_gets_the_first_of_its_wishes_that_there_is(client: Client, wish: str, language: str) -> None:
    assert f'<html lang="{language}"' in opening_tag(client, wish=wish)


def test_ones_own_wish_wins_over_the_browsers(client: Client, reviewer: User) -> None:
    prefer(user=reviewer, language="ko")
    assert 'lang="ko"' in opening_tag(client, wish="en")
    assert client.get("/")["content-language"] == "ko"
    prefer(user=reviewer, language="")
    assert 'lang="en"' in opening_tag(client, wish="en")


def test_a_language_that_is_no_more_does_not_count(client: Client, reviewer: User) -> None:
    Preferences.objects.create(user=reviewer, language="xx")
    assert 'lang="en"' in opening_tag(client)


def test_who_is_not_signed_in_is_greeted_in_the_browsers_language(db: None) -> None:
    answer = Client().get("/sign-in/", headers={"accept-language": "ko"})
    assert 'lang="ko"' in answer.content.decode()
    assert "Accept-Language" in answer["vary"]
    assert "django_language" not in answer.cookies


def test_the_theme_stands_on_the_page_and_is_the_systems_unless_chosen(client: Client, reviewer: User) -> None:
    assert "data-theme" not in opening_tag(client)
    client.post("/preferences/", {"theme": "dark", "next": "/"})
    assert 'data-theme="dark"' in opening_tag(client)
    client.post("/preferences/", {"theme": "", "next": "/"})
    assert "data-theme" not in opening_tag(client)


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/?queue=decided", "/?queue=decided"),
        ("", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_gets_back_to_the_page_that_one_came_from_and_nowhere_else(
    client: Client, back: str, leads_to: str
) -> None:
    answer = client.post("/preferences/", {"language": "ko", "next": back})
    assert (answer.status_code, answer["location"]) == (302, leads_to)


def test_what_there_is_not_is_refused(client: Client) -> None:
    assert client.post("/preferences/", {"language": "xx"}).status_code == 400


def test_the_page_says_what_is_chosen(client: Client, reviewer: User) -> None:
    prefer(user=reviewer, language="ko", theme="light")
    page = client.get("/?queue=decided").content.decode()
    assert 'name="language" value="ko" lang="ko" aria-pressed="true"' in page
    assert 'name="theme" value="light" aria-pressed="true"' in page
    assert 'name="theme" value="dark" aria-pressed="false"' in page
    assert 'name="next" value="/?queue=decided"' in page


@pytest.mark.parametrize("chosen", [False, True])
def test_preferences_come_with_the_user_and_take_no_query_of_their_own(
    client: Client, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries, chosen: bool
) -> None:
    if chosen:
        prefer(user=reviewer, language="ko", theme="dark")
    # Session, user with preferences; how the courier saw the engine.
    with django_assert_num_queries(3):
        client.get("/engine/")
