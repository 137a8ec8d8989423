"""The page between an administrator and what a session keeps."""

import re
import secrets
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from operations.digests import digest
from operations.models import OperatorEvent
from operations.selectors.session_state import state_now
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import address, keep, put, shown, state_of

MARKER = "xyzzy"
KEPT = {"count": b'{"n": [1, "' + MARKER.encode() + b'"]}', "raw": b"\xff", "text": b"no json"}
WHY = {"reason": "it was <b>wrong</b>"}


@pytest.fixture
def key() -> str:
    return f"edited-{secrets.token_hex(4)}"


@pytest.fixture(autouse=True)
def signed_in(client: Client, administrator: User) -> None:
    client.force_login(administrator)


def seen(page: str) -> str:
    (found,) = re.findall(r'name="seen" value="([^"]+)"', page)
    return str(found)


def test_it_says_what_will_happen_and_holds_the_value_as_json(client: Client, with_engine: Engine, key: str) -> None:
    put(with_engine, key, KEPT)
    page = client.get(address(key, page="change/", name="count")).content.decode()
    for part in ("The value becomes what stands below", "Reason, for the record", "&quot;n&quot;: [", MARKER):
        assert part in page
    assert seen(page) == digest(KEPT["count"])
    assert [event.code for event in OperatorEvent.objects.all()] == ["session.state.looked"]


def test_a_value_is_changed_and_the_session_says_so(client: Client, with_engine: Engine, key: str) -> None:
    put(with_engine, key, KEPT)
    path = address(key, page="change/", name="count")
    given = WHY | {"seen": seen(client.get(path).content.decode()), "value": '{\r\n "n": 2.50,\n "é": "\\ud800"}'}
    page = client.post(path, given, follow=True).content.decode()
    assert "The state is changed." in page
    assert state_of(with_engine, key) == KEPT | {"count": '{"n":2.5,"é":"\\ud800"}'.encode()}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('{"a": 1,\n "b" 2}', "line 2, column 6"),
        ("", "This field is required"),
        ("{'a': 1}", "line 1, column 2"),
        ("NaN", "NaN is no JSON"),
        ("1e999", "not JSON compliant"),
        ("[" * 100_000, "as JSON"),
        ("9" * 5_000, "as JSON"),
    ],
)
def test_what_is_no_json_is_said_where_and_nothing_typed_is_lost(
    client: Client, with_engine: Engine, key: str, typed: str, said: str
) -> None:
    put(with_engine, key, KEPT)
    path = address(key, page="change/", name="count")
    given = WHY | {"seen": seen(client.get(path).content.decode()), "value": typed}
    answer = client.post(path, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "it was &lt;b&gt;wrong&lt;/b&gt;" in page
    assert typed.splitlines()[0].replace('"', "&quot;").replace("'", "&#x27;") in page if typed else True
    assert state_of(with_engine, key) == KEPT


def test_what_changed_meanwhile_is_shown_beside_what_was_typed_and_can_then_be_replaced(
    client: Client, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, KEPT)
    path = address(key, page="change/", name="count")
    given = WHY | {"seen": seen(client.get(path).content.decode()), "value": "2"}
    put(with_engine, key, KEPT | {"count": b'"a plugh"'})
    answer = client.post(path, given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "has changed since this page was made" in page
    assert "a plugh" in page
    assert ">\n2</textarea>" in page or ">2</textarea>" in page
    assert state_of(with_engine, key)["count"] == b'"a plugh"'
    client.post(path, given | {"seen": seen(page)})
    assert state_of(with_engine, key)["count"] == b"2"


def test_a_large_session_is_cleared_and_what_is_large_in_it_removed(
    client: Client, with_engine: Engine, key: str
) -> None:
    keep(with_engine, key, {"large": "x" * 600_000, "small": 1})
    large = client.get(address(key, page="change/", name="large"))
    assert large.status_code == 409
    assert "too large to be changed here" in large.content.decode()
    small = client.get(address(key, page="change/", name="small"))
    assert small.status_code == 409
    assert "More would be kept behind this" in small.content.decode()
    path = address(key, page="remove/", name="large")
    given = WHY | {"typed": "Keeping", "seen": seen(client.get(path).content.decode())}
    assert client.post(path, given).status_code == 302
    assert state_of(with_engine, key) == {"small": b"1"}


def test_a_value_that_grows_too_large_is_refused_and_nothing_typed_is_lost(
    client: Client, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"count": b"1", "other": b"x" * 400_000})
    path = address(key, page="change/", name="count")
    typed = '"' + "y" * 200_000 + '"'
    given = WHY | {"seen": seen(client.get(path).content.decode()), "value": typed}
    answer = client.post(path, given)
    assert answer.status_code == 409
    assert "More would be kept behind this" in answer.content.decode()
    assert "y" * 200_000 in answer.content.decode()
    assert state_of(with_engine, key)["count"] == b"1"


def test_a_value_with_a_signed_token_is_removed_and_never_shown(client: Client, with_engine: Engine, key: str) -> None:
    token = f"eyJhbGciOiJFZERTQSJ9.{'p' * 200}.{'s' * 86}"
    put(with_engine, key, {"answer": f'"{token}"'.encode()})
    path = address(key, page="change/", name="answer")
    answer = client.get(path)
    assert answer.status_code == 409
    assert "This value holds a signed token" in answer.content.decode()
    overtaken = client.post(path, WHY | {"seen": "stale", "value": "2"}).content.decode()
    assert "(signed token)" in overtaken
    assert token not in answer.content.decode() + overtaken
    assert client.get(address(key, page="remove/", name="answer")).status_code == 200


def test_who_is_shown_what_is_kept_now_has_looked_though_they_never_opened_the_page(
    client: Client, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, KEPT)
    answer = client.post(address(key, page="change/", name="count"), WHY | {"seen": "stale", "value": "2"})
    assert MARKER in answer.content.decode()
    assert [event.code for event in OperatorEvent.objects.all()] == ["session.state.looked"]


def test_what_is_posted_empty_is_said_to_be(client: Client, with_engine: Engine, key: str) -> None:
    put(with_engine, key, KEPT)
    answer = client.post(address(key, page="change/", name="count"), {})
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_clearing_asks_for_the_services_name_and_names_what_goes(client: Client, with_engine: Engine, key: str) -> None:
    put(with_engine, key, KEPT)
    path = address(key, page="clear/")
    page = client.get(path).content.decode()
    for part in ("Type Keeping to confirm", "can&#x27;t be brought back", "count", "raw"):
        assert part in page or part.replace("&#x27;", "'") in page
    assert MARKER not in page
    given = WHY | {"seen": seen(page)}
    refused = client.post(path, given | {"typed": "keeping"})
    assert refused.status_code == 422
    assert "That is not the name of the service" in refused.content.decode()
    assert state_of(with_engine, key) == KEPT
    client.post(path, given | {"typed": "Keeping"})
    assert state_of(with_engine, key) == {}


def test_what_is_no_json_can_only_be_removed(client: Client, with_engine: Engine, key: str) -> None:
    put(with_engine, key, KEPT)
    listed = shown(client, address(key))
    assert listed.count("/change/?") == 1
    assert listed.count("/remove/?") == 3
    assert "It can only be removed" in client.get(address(key, page="change/", name="raw")).content.decode()
    path = address(key, page="remove/", name="raw")
    given = WHY | {"typed": "Keeping", "seen": seen(client.get(path).content.decode())}
    assert client.post(path, given).status_code == 302
    assert state_of(with_engine, key) == {name: value for name, value in KEPT.items() if name != "raw"}


def test_where_a_run_has_the_session_it_is_said_that_the_change_waits(
    client: Client, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, KEPT)
    run = with_engine.keep_later(key, "count", 1)
    path = address(key, page="change/", name="count")
    eventually(lambda: "waits until it has ended" in client.get(path).content.decode())
    page = client.get(path).content.decode()
    assert f"/runs/{run}/" in page
    answer = client.post(path, WHY | {"seen": seen(page), "value": "2"}, follow=True)
    assert "It is made when no run has the session" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "dance/?service=Keeping&key=a",
        "change/?service=Keeping&key=a",
        "clear/?service=Keeping&key=a&name=b",
        "clear/?key=a",
        "change/?service=Keeping&key=nobody&name=none",
        "clear/?service=Keeping&key=nobody",
    ],
)
def test_what_is_none_is_not_found(client: Client, with_engine: Engine, path: str) -> None:
    assert client.get(f"/sessions/one/{path}").status_code == 404


def test_who_may_change_but_not_look_clears_and_is_shown_no_value(
    client: Client, with_engine: Engine, viewer: User, key: str
) -> None:
    viewer.user_permissions.add(Permission.objects.get(codename="edit_state"))
    client.force_login(viewer)
    put(with_engine, key, KEPT)
    assert client.get(address(key, page="change/", name="count")).status_code == 403
    for page in (address(key), address(key, page="clear/"), address(key, page="remove/", name="count")):
        assert MARKER not in shown(client, page)
    path = address(key, page="clear/")
    client.post(path, WHY | {"typed": "Keeping", "seen": seen(client.get(path).content.decode())})
    assert state_of(with_engine, key) == {}


def test_who_may_not_is_offered_nothing_and_refused(
    client: Client, with_engine: Engine, operator: User, key: str
) -> None:
    client.force_login(operator)
    put(with_engine, key, KEPT)
    assert "/clear/" not in shown(client, address(key))
    for verb, name in (("change/", {"name": "count"}), ("clear/", {})):
        assert client.get(address(key, page=verb, **name)).status_code == 403
        given = WHY | {
            "typed": "Keeping",
            "value": "2",
            "seen": state_now(with_engine.admin, "Keeping", key).seen(None),
        }
        assert client.post(address(key, page=verb, **name), given).status_code == 403
    assert state_of(with_engine, key) == KEPT


@pytest.mark.parametrize("ask", ["get", "post"])
def test_while_the_engine_is_away_the_page_says_so_and_gives_back_what_was_typed(
    client: Client, ask_engine_at: Callable[[str], None], ask: str
) -> None:
    ask_engine_at("http://127.0.0.1:9")
    path, given = address("a", page="change/", name="b"), WHY | {"value": "<i>2", "seen": "x"}
    answer = client.post(path, given) if ask == "post" else client.get(path)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Restate gave no answer" in page
    assert ("&lt;i&gt;2" in page) == (ask == "post")
