"""One value of a session, alone."""

import re
import secrets
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from operations.models import OperatorEvent
from tests.engine.engine import Engine
from tests.operations.sessions import address, put

MARKER = "xyzzy"


@pytest.fixture
def key() -> str:
    return f"alone-{secrets.token_hex(4)}"


def path_to(key: str, name: str) -> str:
    return address(key, page="value/", name=name)


@pytest.mark.parametrize(
    ("name", "kept", "shown"),
    [
        ("count", b'{"a":[1,"<b>"]}', "&lt;b&gt;"),
        ("it's <b>", b"no { json", "Text that is no JSON:"),
        ("", b"\xff\x00", "ff 00"),
        ("empty", b"", "The value"),
    ],
)
def test_a_value_is_shown_as_what_it_is_and_who_looked_is_on_record(
    client: Client, operator: User, with_engine: Engine, key: str, name: str, kept: bytes, shown: str
) -> None:
    put(with_engine, key, {name: kept, "other": MARKER.encode()})
    page = client.get(path_to(key, name)).content.decode()
    assert shown in page
    assert MARKER not in page
    assert "<b>" not in page
    assert re.search(r'href="/sessions/"[^>]*aria-current', page)
    (look,) = OperatorEvent.objects.all()
    assert (look.code, look.subject, look.actor) == ("session.state.looked", f"Keeping/{key}", "user:operator")


def test_what_a_page_of_many_cuts_short_is_whole_here(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"long": b'"' + b"x" * 50_000 + MARKER.encode() + b'"'})
    assert MARKER not in client.get(address(key)).content.decode()
    assert f"{path_to(key, 'long').replace('&', '&amp;')}" in client.get(address(key)).content.decode()
    assert MARKER in client.get(path_to(key, "long")).content.decode()


def test_what_is_not_kept_is_said_not_to_be_and_nobody_has_looked(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    answer = client.get(path_to(key, "none"))
    assert answer.status_code == 404
    assert "Nothing of that is kept under this key." in answer.content.decode()
    assert client.get(address(key, page="value/")).status_code == 404
    assert not OperatorEvent.objects.exists()


def test_who_may_not_see_values_is_refused(client: Client, viewer: User, with_engine: Engine, key: str) -> None:
    client.force_login(viewer)
    put(with_engine, key, {"count": MARKER.encode()})
    assert client.get(path_to(key, "count")).status_code == 403
    assert "/value/" not in client.get(address(key)).content.decode()
    assert not OperatorEvent.objects.exists()


def test_the_engine_being_away_is_said(client: Client, operator: User, ask_engine_at: Callable[[str], None]) -> None:
    ask_engine_at("http://127.0.0.1:9")
    answer = client.get(path_to("a", "b"))
    assert answer.status_code == 200
    assert "be asked at the moment" in answer.content.decode()
