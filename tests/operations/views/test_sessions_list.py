"""The list of sessions."""

import re
import secrets
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from operations.rules.session_query import SessionQuery
from operations.selectors import session_places
from operations.selectors.sessions import PAGE_SIZE
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import put, shown

HOSTILE = ["it's '; DROP", '<b>"bold"</b>', "a/b?c#d&e=f", "세션 \U0001f600", "%2F+%00", "x" * 3_000]


@pytest.fixture
def key() -> str:
    return f"listed-{secrets.token_hex(4)}"


def rows(page: str) -> list[str]:
    """Return the rows without their markup."""
    found = re.findall(r'<tr data-state="\w+">.*?</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def listing(client: Client, **query: str) -> str:
    return shown(client, f"/sessions/?{urlencode(query)}")


def every_page(client: Client, **query: str) -> str:
    """Return the list to its end: other tests leave sessions behind."""
    pages = [listing(client, **query)]
    while more := re.findall(r'href="(/sessions/\?[^"]+)" rel="next"', pages[-1]):
        pages.append(shown(client, unescape(more[0])))
    return "".join(pages)


def test_a_session_says_what_runs_there_what_queues_and_what_it_keeps(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"a": b"12345", "session_store::s": b"{}"})
    (row,) = rows(listing(client, q=key))
    assert row.startswith(f"Nothing goes on Keeping / {key} conversation 0 2 values, 7")
    with_engine.start("nap", key)
    for _ in range(3):
        with_engine.start("greet", key)
    eventually(
        lambda: rows(listing(client, q=key))[0].startswith(f"Asleep Restless / {key} 3 nothing"),
        what="the session to say so",
    )


@pytest.mark.parametrize("key", HOSTILE)
def test_any_key_is_shown_as_it_is_and_leads_to_its_page(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"kept": b'"a marked word"'})
    page = every_page(client, service="Keeping")
    assert "<b>" not in page
    (path,) = {
        path.replace("&amp;", "&")
        for path in re.findall(r'href="(/sessions/one/[^"]+)"', page)
        if f"key={quote(key, safe='')}" in path.replace("+", "%20")
    }
    assert "a marked word" in shown(client, path)


def test_filters_are_links_that_can_be_taken_away(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"a": b"1"})
    with_engine.start("nap", key)
    assert len(rows(listing(client, q=key))) == 2
    assert len(rows(listing(client, q=key, service="Keeping"))) == 1
    assert len(rows(listing(client, q=key, those="busy"))) == 1
    assert rows(listing(client, q=key, those="talks")) == []
    assert "Take away: Keeping" in re.sub(r"<[^>]+>", "", listing(client, service="Keeping")).replace("  ", " ")
    assert "No session is like that" in listing(client, q="nobody has such a key")


def test_pages_are_walked_to_the_end(client: Client, operator: User, with_engine: Engine, key: str) -> None:
    for number in range(PAGE_SIZE + 2):
        with_engine.start("nap", f"{key}~{number}")
    first = listing(client, q=key)
    assert len(rows(first)) == PAGE_SIZE
    (after,) = re.findall(r"after=([^\"&]+)\" rel=\"next\"", first)
    second = shown(client, f"/sessions/?q={key}&after={after}")
    assert [row.split()[3] for row in rows(second)] == [f"{key}~1", f"{key}~0"]
    assert 'rel="next"' not in second
    assert "Back to the beginning" in second


@pytest.mark.parametrize("nonsense", ["", "x", "~", "2026-01-01~A~b", "2026-01-01T00:00:00+00:00~A", "~A~b"])
def test_a_place_that_is_none_is_the_beginning(nonsense: str) -> None:
    assert session_places.read(nonsense) is None


@pytest.mark.parametrize("written", ["", "those=busy", "q=a+b&service=Claims", "those=talks&q=Claims%2Fhotel"])
def test_what_is_written_reads_back(client: Client, written: str) -> None:
    given = dict(pair.split("=") for pair in written.split("&") if pair)
    query = SessionQuery.read({name: value.replace("+", " ").replace("%2F", "/") for name, value in given.items()})
    assert query.written() == written


def test_htmx_gets_the_list_alone(client: Client, operator: User, with_engine: Engine) -> None:
    answer = client.get("/sessions/", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="sessions"')
    assert "HX-Request" in answer["Vary"]


def test_the_engine_being_away_is_said(client: Client, operator: User) -> None:
    answer = client.get("/sessions/")
    assert answer.status_code == 200
    assert "be asked at the moment" in answer.content.decode()


def test_the_number_of_queries_is_pinned(
    client: Client, operator: User, with_engine: Engine, key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        put(with_engine, f"{key}-{number}", {"a": b"1"})
    cache.clear()
    # Session and user, what they may do; how the courier saw the engine.
    with django_assert_num_queries(4):
        client.get("/sessions/")
