"""The page of one session."""

import json
import re
import secrets
from collections.abc import Callable, Collection

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService
from operations.models import OperatorEvent
from restate_bridge.admin import Admin
from restate_bridge.runs import find_listed
from restate_bridge.session_state import state_values
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import address, keep, put, shown
from tests.tokens import begun_tokens

MARKER = "xyzzy"
TOKEN = f"eyJhbGciOiJFZERTQSJ9.{'p' * 200}.{'s' * 86}"


@pytest.fixture
def key() -> str:
    return f"shown-{secrets.token_hex(4)}"


def words_of(page: str) -> str:
    """Return a page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def looks() -> list[str]:
    return [event.subject for event in OperatorEvent.objects.filter(code="session.state.looked")]


def talk(*parts: dict[str, object], author: str = "an_agent") -> bytes:
    """Return a session of ADK's, with one event for each part."""
    events = [{"author": author, "timestamp": 1_795_370_087.2, "content": {"parts": [part]}} for part in parts]
    return json.dumps({"id": "s", "user_id": "requester", "events": events}).encode()


def test_a_session_shows_its_runs_its_queue_its_requests_and_its_state(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, finance: object
) -> None:
    run = with_engine.start_waiting()
    listed = find_listed(with_engine.admin, run)
    assert listed is not None
    announce(agent_service, invocation_id=run, title="What it waits for")
    page = shown(client, address(listed.key, "Waiting"))
    for part in (f'href="/runs/{run}/"', "Waiting for a person", "What it waits for", "Nothing is kept under this key"):
        assert part in page


def test_the_queue_stands_in_its_order(client: Client, operator: User, with_engine: Engine, key: str) -> None:
    with_engine.start("nap", key)
    calls = [with_engine.start("greet", key) for _ in range(3)]
    eventually(lambda: shown(client, address(key, "Restless")).count('id="queued-') == 3)
    assert re.findall(r'id="queued-(\w+)"', shown(client, address(key, "Restless"))) == calls


def test_values_are_shown_as_what_they_are(client: Client, operator: User, with_engine: Engine, key: str) -> None:
    values = {
        "json": b'{"a":[1,"\\u00e9<b>"]}',
        "text": b"not { json <b>",
        "bytes": b"\xff\x00\xfe",
        "surrogate": b'"half \\ud800"',
        "hidden": '"a\u202eb\u200b"'.encode(),
        "": b"1",
        "na<b>me": b"2",
        "deep": b"[" * 50_000,
    }
    put(with_engine, key, values)
    page = shown(client, address(key))
    for part in ("é&lt;b&gt;", "not { json &lt;b&gt;", "ff 00 fe", "half \\ud800", "(no name)", "na&lt;b&gt;me"):
        assert part in page
    assert "\u202e" not in page
    assert "<b>" not in page


def test_a_conversation_says_who_said_and_did_what(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    kept = talk(
        {"text": "Please <b>pay</b> it."},
        {"text": "I wonder.", "thought": True},
        {"function_call": {"id": "1", "name": "reimburse", "args": {"amount": 12}}},
        {"functionResponse": {"id": "1", "name": "reimburse", "response": {"paid": True}}},
        {"function_response": {"id": "9", "name": "orphan", "response": {"was": "late"}}},
        {"inline_data": {"mime_type": "image/png", "data": "AAAA"}},
        {"text": "half \ud800"},
    )
    put(with_engine, key, {"session_store::s": kept})
    page = shown(client, address(key))
    words = words_of(page.split('id="state-title"')[0])
    for part in ("on behalf of requester", "an_agent", "A thought of the model's", "called reimburse", "paid"):
        assert part.replace("'", "&#x27;") in words or part in words
    for part in ("result of orphan", "[inline_data]", "half \\ud800", "&lt;b&gt;pay"):
        assert part in words
    assert words.count("What came back") == 2


def test_a_conversation_says_how_much_of_it_is_kept_and_what_is_a_summary(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    said = json.loads(talk({"text": "And then?"}, author="user"))
    compaction = {"compactedContent": {"role": "model", "parts": [{"text": "It began with vermilion."}]}}
    said["events"].insert(0, {"author": "user", "timestamp": 1_795_370_000.5, "actions": {"compaction": compaction}})
    kept = json.dumps(said).encode()
    put(with_engine, key, {"session_store::s": kept})
    words = words_of(shown(client, address(key)))
    assert f"2 events kept, {len(kept)} bytes · on behalf of requester" in words
    assert re.search("Summary of what was said before .{0,60}It began with vermilion. user .{0,60}And then", words)


@pytest.mark.parametrize(
    "kept",
    [b"", b"[]", b"{}", b'{"events": 3}', b'{"events": [1, {"content": {"parts": [null, 7]}}]}', b"\xff", b"nul"],
)
def test_what_has_not_the_form_of_a_conversation_breaks_nothing(
    client: Client, operator: User, with_engine: Engine, key: str, kept: bytes
) -> None:
    put(with_engine, key, {"session_store::s": kept, "other": b'"still there"'})
    assert "still there" in shown(client, address(key))


def test_who_may_not_see_values_sees_their_names_and_sizes_alone(
    client: Client, viewer: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"kept": f'"{MARKER}"'.encode(), "session_store::s": talk({"text": MARKER})})
    client.force_login(viewer)
    for part, headers in (("", {}), ("rest", {"HX-Request": "true"}), ("talk", {"HX-Request": "true"})):
        cache.clear()
        page = client.get(address(key, part=part), headers=headers).content.decode()
        assert ("session_store::s" in page and "kept" in page) or part == "talk"
        assert MARKER not in page
    assert looks() == []
    assert MARKER not in shown(client, f"/sessions/?q={key}")


def test_looking_is_recorded_once_however_often_the_page_refreshes_itself(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"kept": f'"{MARKER}"'.encode()})
    for _ in range(3):
        assert MARKER in shown(client, address(key))
    assert looks() == [f"Keeping/{key}"]
    put(with_engine, f"{key}-2", {"kept": b"1"})
    shown(client, address(f"{key}-2"))
    assert looks() == [f"Keeping/{key}", f"Keeping/{key}-2"]


def test_nothing_is_recorded_where_nothing_private_was_there(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    assert "Restate keeps nothing of this session" in shown(client, address(key))
    assert looks() == []


def test_no_value_is_kept_for_whoever_asks_next(client: Client, operator: User, with_engine: Engine, key: str) -> None:
    put(with_engine, key, {"kept": f'"{MARKER}"'.encode(), "session_store::s": talk({"text": MARKER})})
    assert MARKER in shown(client, address(key))
    kept: dict[str, bytes] = getattr(cache, "_cache")  # noqa: B009 - what is in this process, as it is
    assert kept
    assert not [name for name, pickled in kept.items() if MARKER.encode() in pickled]


def test_each_part_reads_what_it_shows_and_no_other_value(
    client: Client, operator: User, with_engine: Engine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(with_engine, key, {"kept": b"1", "other": b"2", "session_store::s": talk({"text": MARKER})})
    read: list[list[str]] = []

    def reading(admin: Admin, service: str, key: str, names: Collection[str]) -> dict[str, bytes]:
        read.append(sorted(names))
        return state_values(admin, service, key, names)

    monkeypatch.setattr("operations.selectors.session.state_values", reading)
    for part in ("talk", "rest"):
        client.get(address(key, part=part), headers={"HX-Request": "true"})
    shown(client, address(key))
    assert read == [["session_store::s"], ["kept", "other"], ["kept", "other", "session_store::s"]]


def test_a_conversation_is_named_among_the_values_and_shown_once(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"session_store::s": talk({"text": MARKER})})
    page = shown(client, address(key))
    assert page.count(MARKER) == 1
    assert "Conversations are shown above." in page
    assert "/sessions/one/value/" in page


def test_what_is_too_large_is_said_to_be_and_not_read(
    client: Client, operator: User, with_engine: Engine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.selectors.session.MOST_BYTES", 100_000)
    put(with_engine, key, {"large": b'"' + b"x" * 100_000 + b'"', "small": b'"a small one"'})
    page = shown(client, address(key))
    assert "Too large to be shown" in page
    assert "a small one" in page
    assert len(page) < 100_000


def test_a_conversation_that_is_too_large_is_said_to_be_and_shown_alone(
    client: Client, operator: User, with_engine: Engine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[dict[str, object]] = [{"text": f"{MARKER} {number} " + "word " * 3_000} for number in range(150)]
    kept = json.loads(talk(*parts))
    keep(with_engine, key, {"session_store::s": kept, "small": "a small one"})
    talk_part = client.get(address(key, part="talk"), headers={"HX-Request": "true"}).content.decode()
    page = shown(client, address(key))
    for one in (page, talk_part):
        assert "The conversation is too large to be shown here: 2.2\xa0MB." in one
        assert MARKER not in one
    (alone, *_) = re.findall(r'href="(/sessions/one/value/[^"]+)"', page)
    assert looks() == [f"Keeping/{key}"]
    shown_alone = client.get(alone.replace("&amp;", "&")).content.decode()
    assert f"{MARKER} 149" in shown_alone
    assert "more characters are not shown" in shown_alone
    monkeypatch.setattr("operations.selectors.session_value.MOST_ALONE", 2_000_000)
    assert "This is too large to be shown here." in client.get(alone.replace("&amp;", "&")).content.decode()


def test_no_signed_token_is_shown_nor_the_half_of_one(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    cut = "x " * 9_990 + TOKEN
    said = talk(
        {"text": f"it was {TOKEN}."},
        {"text": cut},
        {"function_call": {"id": "1", "name": "pay", "args": {"by": TOKEN}}},
        {"function_response": {"id": "1", "name": "pay", "response": {"refused": f"no\n{TOKEN}"}}},
        {"text": TOKEN, "thought": True},
    )
    values = {"json": json.dumps([TOKEN]).encode(), "text": f"Bearer {TOKEN}".encode(), "cut": json.dumps(cut).encode()}
    put(with_engine, key, values | {"session_store::s": said})
    for path in (address(key), *(address(key, page="value/", name=name) for name in values)):
        page = shown(client, path)
        assert begun_tokens(page) == []
        assert "(signed token)" in page


@pytest.mark.parametrize("key", ["it's '; DROP", "a/b?c#d&e=f", "세션 \U0001f600", "", "x" * 3_000])
def test_a_key_may_be_any_text(client: Client, operator: User, with_engine: Engine, key: str) -> None:
    put(with_engine, key, {"kept": f'"{MARKER}"'.encode()})
    assert MARKER in shown(client, address(key))
    assert looks() == [f"Keeping/{key}"]


def test_a_key_that_postgresql_can_not_keep_is_recorded_all_the_same(
    client: Client, operator: User, with_engine: Engine
) -> None:
    put(with_engine, "a\x00b", {"kept": b"1"})
    assert client.get(address("a\x00b")).status_code == 200
    assert looks() == ["Keeping/a\u2400b"]


def test_it_leads_back_to_the_sessions_and_to_those_of_its_service(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"a": b"1"})
    for path in (address(key), address(key, page="value/", name="a")):
        trail = shown(client, path).split('class="trail"')[1].split("</p>")[0]
        assert re.findall(r'href="([^"]+)"', trail)[:2] == ["/sessions/", "/sessions/?service=Keeping"]


def test_what_goes_on_stands_before_what_can_be_said_until_something_was_said(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"a": b"1"}, "Talking")
    page = shown(client, address(key, "Talking"))
    assert page.index('id="session-rest"') < page.index("Say something")
    put(with_engine, key, {"session_store::s": talk({"text": "hello"})}, "Talking")
    page = shown(client, address(key, "Talking"))
    assert page.index("hello") < page.index("Say something") < page.index('id="session-rest"')


def test_htmx_gets_what_changes_alone(client: Client, operator: User, with_engine: Engine, key: str) -> None:
    for part in ("talk", "rest"):
        answer = client.get(address(key, part=part), headers={"HX-Request": "true"})
        assert answer.content.decode().lstrip().startswith(f'<div class="session" id="session-{part}"')
        assert "HX-Request" in answer["Vary"]


def test_the_engine_being_away_is_said(
    client: Client, operator: User, ask_engine_at: Callable[[str], None], key: str
) -> None:
    ask_engine_at("http://127.0.0.1:9")
    answer = client.get(address(key))
    assert answer.status_code == 200
    assert "be asked at the moment" in answer.content.decode()


def test_the_number_of_queries_is_pinned(
    client: Client, operator: User, with_engine: Engine, key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put(with_engine, key, {"a": b"1"})
    for _ in range(3):
        with_engine.keep_later(key, "a", 2)
    shown(client, address(key))
    # Session and user, what they may do; requests, those of runs with their groups; whether they looked a moment ago;
    # how the courier saw the engine.
    with django_assert_num_queries(8):
        client.get(address(key))


def test_where_nothing_takes_a_message_none_is_asked_for(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    put(with_engine, key, {"session_store::s": talk({"text": "hello"})})
    assert "Say something" not in shown(client, address(key))
