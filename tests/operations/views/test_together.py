"""The page between an operator and many runs."""

import re
import secrets
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from restate_bridge.listed_run import RunState
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.controls import Unanswering

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"
URL = "/runs/together/"


def picked_in(page: str) -> set[str]:
    return set(re.findall(r'name="pick" value="(inv_\w+)"', page))


def next_in(page: str) -> str:
    """Return where the next ones are, as a link that says so leads there."""
    found = re.search(r'href="([^"]+)">Go on with the next<', page)
    return unescape(found.group(1)) if found else ""


def after_in(page: str) -> str:
    """Return behind which run the next ones are, as the form of a page posts it."""
    found = re.search(r'name="after" value="([^"]+)"', page)
    return unescape(found.group(1)) if found else ""


def test_it_shows_to_which_it_can_be_done_and_why_not_to_the_rest(
    client: Client, operator: User, with_engine: Engine
) -> None:
    waiting, ended = with_engine.start_waiting(), with_engine.start_waiting()
    with_engine.do(ended, "cancel")
    eventually(lambda: with_engine.state(ended) is RunState.CANCELLED)
    page = client.get(URL, {"verb": "kill", "pick": [waiting, ended, NEVER_EXISTED]}).content.decode()
    assert picked_in(page) == {waiting}
    for part in ("1 run</p>", "No code of it runs any more", "Type 1 to confirm", "The run has ended."):
        assert part in page
    assert "does not know 1 of those" in page
    assert with_engine.state(waiting) is RunState.WAITING


def test_it_is_done_to_those_that_were_shown_and_says_what_came_of_each(
    client: Client, operator: User, with_engine: Engine
) -> None:
    runs = [with_engine.start_waiting() for _ in range(2)]
    page = client.post(URL, {"verb": "pause", "pick": runs, "reason": "a rule has changed"}).content.decode()
    assert "Done to 2 runs" in page
    assert page.count("Paused") == 2
    page = client.post(URL, {"verb": "pause", "pick": runs, "reason": "again"}).content.decode()
    assert "can't be done to any of them now" in page
    for run in runs:
        with_engine.do(run, "kill")


def test_all_that_match_are_those_of_the_list_to_which_it_can_be_done(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.views.together.MOST", 2)
    key = f"together-{secrets.token_hex(4)}"
    runs = {with_engine.start("nap", f"{key}-{number}") for number in range(3)}
    ended = with_engine.start("greet", f"{key}-ended")
    eventually(lambda: with_engine.state(ended) is RunState.COMPLETED)
    eventually(lambda: {with_engine.state(run) for run in runs} == {RunState.ASLEEP})
    page = client.get(URL, {"verb": "kill", "all": "1", "q": key}).content.decode()
    shown = picked_in(page)
    assert len(shown) == 2
    assert shown < runs
    assert "1 more matches: it comes next." in page
    posted = {"verb": "kill", "pick": [*shown], "reason": "tidying", "typed": "2", "q": key, "after": after_in(page)}
    done = client.post(URL, posted).content.decode()
    assert f"all=1&verb=kill&q={key}&after=" in next_in(done)
    last = client.get(next_in(done)).content.decode()
    assert picked_in(last) == runs - shown
    assert not after_in(last)


def test_of_what_matches_nothing_is_picked_to_which_it_can_not_be_done(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start("nap", key := f"together-{secrets.token_hex(4)}")
    eventually(lambda: with_engine.state(run) is RunState.ASLEEP)
    assert picked_in(client.get(URL, {"verb": "pause", "all": "1", "q": key}).content.decode()) == {run}
    assert picked_in(client.get(URL, {"verb": "resume", "all": "1", "q": key}).content.decode()) == set()


def ended_runs(engine: Engine, key: str, number: int) -> set[str]:
    runs = {engine.start("end", f"{key}-{place}") for place in range(number)}
    eventually(lambda: {engine.state(run) for run in runs} == {RunState.FAILED})
    return runs


def test_what_was_restarted_is_not_restarted_again_by_going_on_nor_is_what_came_of_it(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.views.together.MOST", 2)
    key = f"together-{secrets.token_hex(4)}"
    runs = ended_runs(with_engine, key, 5)
    restarted: list[str] = []
    page = client.get(URL, {"verb": "restart", "all": "1", "q": key, "state": "failed"}).content.decode()
    assert "3 more match: they come next." in page
    while shown := picked_in(page):
        restarted += shown
        posted = {"verb": "restart", "pick": [*shown], "reason": "again", "typed": str(len(shown)), "q": key}
        done = client.post(URL, posted | {"state": "failed", "after": after_in(page)}).content.decode()
        wait_for_failed(client, key, len(runs) + len(restarted))
        page = client.get(next_in(done)).content.decode() if next_in(done) else ""
    assert sorted(restarted) == sorted(runs)


def wait_for_failed(client: Client, key: str, number: int) -> None:
    def listed() -> set[str]:
        cache.clear()
        page = client.get("/runs/", {"state": "failed", "q": key}).content.decode()
        return set(re.findall(r'href="/runs/(inv_\w+)/"', page))

    eventually(lambda: len(listed()) == number)


def test_where_the_next_ones_are_is_kept_when_something_has_to_be_typed_again(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.views.together.MOST", 2)
    key = f"together-{secrets.token_hex(4)}"
    ended_runs(with_engine, key, 3)
    page = client.get(URL, {"verb": "restart", "all": "1", "q": key, "state": "failed"}).content.decode()
    posted = {"verb": "restart", "pick": [*picked_in(page)], "reason": "again", "q": key, "state": "failed"}
    wrong = client.post(URL, posted | {"typed": "3", "after": after_in(page)})
    assert wrong.status_code == 422
    assert after_in(wrong.content.decode()) == after_in(page) != ""
    done = client.post(URL, posted | {"typed": "2", "after": after_in(wrong.content.decode())}).content.decode()
    assert len(picked_in(client.get(next_in(done)).content.decode())) == 1


def test_where_none_of_those_shown_is_left_it_goes_on_with_the_next_all_the_same(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_waiting()
    with_engine.do(run, "kill")
    eventually(lambda: with_engine.state(run) is RunState.KILLED)
    after = f"2026-11-01T12:00:00+00:00~{run}"
    page = client.post(URL, {"verb": "kill", "pick": run, "reason": "why", "after": after}).content.decode()
    assert "can't be done to any of them now" in page
    assert next_in(page) == f"{URL}?all=1&verb=kill&after=2026-11-01T12%3A00%3A00%2B00%3A00~{run}"
    page = client.post(URL, {"verb": "kill", "pick": run, "reason": "why", "after": "nonsense"}).content.decode()
    assert not next_in(page)


def test_those_that_got_no_answer_stand_apart_and_the_rest_was_not_tried(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.services.verbs.control", lambda: Unanswering(with_engine.server.admin_url))
    runs = [with_engine.start_waiting() for _ in range(2)]
    page = client.post(URL, {"verb": "cancel", "pick": runs, "reason": "why"}).content.decode()
    assert "Done to" not in page
    unheard, not_tried = page.split('id="not-done-title"')
    for part in ("To these no answer came", "may have been done all the same", "timed out"):
        assert part in unheard
    assert "Not tried: Restate had stopped answering." in not_tried
    told, untold = (re.findall(r'href="/runs/(inv_\w+)/"', part) for part in (unheard, not_tried))
    assert sorted(told + untold) == sorted(runs)
    eventually(lambda: with_engine.state(told[0]) is RunState.CANCELLED)
    assert with_engine.state(untold[0]) is RunState.WAITING


@pytest.mark.parametrize("missing", [{"typed": "1"}, {"reason": "why"}, {"reason": "why", "typed": "2"}])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    client: Client, operator: User, with_engine: Engine, missing: dict[str, str]
) -> None:
    run = with_engine.start_waiting()
    answer = client.post(URL, {"verb": "kill", "pick": [run], **missing})
    assert answer.status_code == 422
    assert all(value in answer.content.decode() for value in missing.values())
    assert with_engine.state(run) is RunState.WAITING


@pytest.mark.parametrize("given", [{}, {"verb": "dance"}])
def test_without_a_verb_it_leads_back_to_the_list(client: Client, operator: User, given: dict[str, str]) -> None:
    assert client.get(URL, given)["Location"] == "/runs/"


@pytest.mark.parametrize("ask", ["get", "post"])
def test_while_the_engine_is_away_it_says_so_and_gives_back_the_reason(
    client: Client, operator: User, ask: str
) -> None:
    answer = getattr(client, ask)(URL, {"verb": "kill", "pick": NEVER_EXISTED, "reason": "it <b>hangs</b>"})
    assert answer.status_code == 503
    assert "nothing was done" in answer.content.decode()
    assert ("it &lt;b&gt;hangs&lt;/b&gt;" in answer.content.decode()) == (ask == "post")


def test_who_may_only_look_is_offered_no_boxes_and_refused(client: Client, viewer: User, with_engine: Engine) -> None:
    client.force_login(viewer)
    run = with_engine.start_waiting()
    assert 'class="pick"' not in client.get("/runs/", {"q": run}).content.decode()
    assert client.post(URL, {"verb": "cancel", "pick": run, "reason": "why"}).status_code == 403
    assert with_engine.state(run) is RunState.WAITING
