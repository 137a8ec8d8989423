"""The operators' record."""

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from operations.models import OperatorEvent
from operations.selectors.record import PAGE_SIZE, entries_of_run
from operations.services.recording import About, note_looked

RUN = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


def write(code: str, action: uuid.UUID | None = None, **fields: Any) -> uuid.UUID:
    action = action or uuid.uuid4()
    line = {"at": timezone.now(), "actor": "user:operator", "invocation_id": RUN, "subject": "Claims/a/ask"} | fields
    OperatorEvent.objects.create(action=action, code=code, **line)
    return action


def shown(client: Client, **query: str) -> str:
    return client.get("/record/", query).content.decode()


def test_each_deed_is_one_row_with_who_why_and_what_came_of_it(client: Client, operator: User) -> None:
    action = write("run.kill.asked", reason="it <i>hangs</i>")
    write("run.kill.answered", action, data={"status": 200, "state": "killed"})
    page = shown(client)
    for part in ("operator", "Kill", "Claims/a/ask", "it &lt;i&gt;hangs&lt;/i&gt;", "Killed", f"/runs/{RUN}/"):
        assert part in page
    assert page.count("<tr>") == 2


@pytest.mark.parametrize(
    ("line", "data", "words"),
    [
        ("answered", {"status": 409, "text": "not now"}, "Refused: not now"),
        ("answered", {"status": 202, "state": "unknown"}, "could not be read"),
        ("answered", {"status": 200, "revision": 2}, "Done"),
        ("answered", {"status": 200, "new_run": ""}, "could not be read"),
        ("unheard", {"why": "gone"}, "No answer: gone"),
    ],
)
def test_what_came_of_it_is_said_in_words(
    client: Client, operator: User, line: str, data: dict[str, Any], words: str
) -> None:
    write(f"run.cancel.{line}", write("run.cancel.asked"), data=data)
    assert words in shown(client)


@pytest.mark.parametrize(
    ("state", "words"),
    [("killed", "Killed"), ("gone", "Restate no longer keeps this run."), ("unknown", "could not be read")],
)
def test_what_was_read_back_later_is_what_came_of_it(client: Client, operator: User, state: str, words: str) -> None:
    action = write("run.kill.asked")
    write("run.kill.answered", action, data={"status": 200, "text": "", "new_run": ""})
    write("run.kill.read", action, data={"state": state})
    page = shown(client)
    assert words in page
    assert page.count("<tr>") == 2
    assert [entry.state for entry in entries_of_run(RUN)] == [state]


def test_what_was_asked_for_and_never_answered_says_so(client: Client, operator: User) -> None:
    write("run.cancel.asked")
    assert "Nobody knows what came of it" in shown(client)


def test_a_look_stands_there_as_a_look(client: Client, operator: User) -> None:
    note_looked(operator, "run.payload", About("Claims/a/ask", RUN))
    page = shown(client)
    assert "Looked at what a run holds" in page
    assert "Nobody knows" not in page


def test_it_is_narrowed_by_words_people_and_deeds(client: Client, operator: User) -> None:
    write("run.kill.asked", reason="first")
    write("run.pause.asked", reason="second", actor="user:ada", subject="Weather/b/ask")
    for query, found in (
        ({"q": "fir"}, "first"),
        ({"q": "weather"}, "second"),
        ({"who": "user:ada"}, "second"),
        ({"what": "run.kill"}, "first"),
    ):
        page = shown(client, **query)
        assert found in page
        assert page.count("<tr>") == 2
    assert "Nothing in the record is like that." in shown(client, q="elsewhere\x00")
    assert "first" in shown(client, q=RUN)


def test_looks_can_be_asked_for_as_deeds_can(client: Client, operator: User) -> None:
    write("run.payload.looked")
    action = write("run.kill.asked")
    write("run.kill.answered", action, data={"status": 200})
    page = shown(client)
    assert sorted(set(re.findall(r"what=([\w.]+)", page))) == ["run.kill", "run.payload"]
    assert shown(client, what="run.payload").count("<tr>") == 2


def test_pages_go_on_where_the_one_before_ended(client: Client, operator: User) -> None:
    for number in range(PAGE_SIZE + 1):
        write("run.pause.asked", reason=f"reason {number:03}")
    first = shown(client)
    assert "reason 000" not in first
    last = OperatorEvent.objects.get(reason="reason 001").pk
    assert f"after={last}" in first
    assert "reason 000" in shown(client, after=str(last))
    assert shown(client, after="nonsense").count("reason 0") == PAGE_SIZE


def test_the_deeds_of_one_run_are_told_in_their_order(operator: User) -> None:
    write("run.pause.asked")
    write("run.kill.asked", invocation_id="")
    action = write("run.resume.asked")
    write("run.resume.answered", action, data={"status": 200})
    assert [(entry.what, bool(entry.outcome)) for entry in entries_of_run(RUN)] == [
        ("run.pause", False),
        ("run.resume", True),
    ]


def test_the_number_of_queries_is_pinned(
    client: Client, operator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        write("run.kill.answered", write("run.kill.asked"), data={"status": 200})
    shown(client)
    with django_assert_num_queries(8):
        shown(client)


def test_it_is_not_for_who_may_only_look_at_runs(client: Client, viewer: User) -> None:
    client.force_login(viewer)
    assert client.get("/record/").status_code == 403
    assert 'href="/record/"' not in client.get("/runs/").content.decode()


@pytest.mark.parametrize(
    ("what", "data", "words"),
    [
        ("session.change", {"status": 202, "outcome": "done"}, ("Change the value", "Done")),
        ("session.clear", {"status": 202, "outcome": "waits"}, ("Clear the state", "for when no run has the session")),
        ("session.remove", {"status": 202, "outcome": "overtaken"}, ("Remove the value", "at the same moment")),
        ("session.clear", {"status": 202, "outcome": "unknown"}, ("Clear the state", "could not be read")),
        ("handler.call", {"run": RUN, "new": True}, ("Called a handler", "Done")),
    ],
)
def test_what_is_done_to_sessions_and_handlers_has_words_too(
    client: Client, operator: User, what: str, data: dict[str, Any], words: tuple[str, ...]
) -> None:
    action = write(f"{what}.asked", invocation_id="", subject="Claims/a-session")
    write(f"{what}.answered", action, invocation_id="", data=data)
    page = shown(client)
    assert all(word in page for word in words)


def test_a_look_at_a_session_stands_there_too(client: Client, operator: User) -> None:
    note_looked(operator, "session.state", About("Claims/a-session"))
    assert "Looked at what a session holds" in shown(client)
