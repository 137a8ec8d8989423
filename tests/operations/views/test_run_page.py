"""The page of one run."""

import re
import secrets
from html import unescape
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService
from approvals.services.announce import announce_request
from approvals.services.decide import approve_request
from approvals.services.hold import hold_request, unhold_request
from operations.rules.control import Verb
from operations.services.steer import steer_run
from operations.services.verbs import Steering
from restate_bridge.admin import Admin
from restate_bridge.ids import awakeable_id
from restate_bridge.listed_run import RunState
from tests.announcing import announce, announcement
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.tokens import begun_tokens


def fresh(client: Client, run: str) -> str:
    """Return a run's page as it is now, whatever somebody was told a moment ago."""
    cache.clear()
    return client.get(f"/runs/{run}/").content.decode()


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def words(client: Client, run: str) -> str:
    """Return a run's page as it is now, without its markup."""
    return words_of(fresh(client, run))


def text_within(page: str, title: str) -> str:
    """Return the words of one section of a page."""
    found = re.search(rf'<section[^>]*aria-labelledby="{title}".*?</section>', page, re.DOTALL)
    return words_of(found.group()) if found else ""


def test_a_run_shows_its_state_its_steps_and_its_requests(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, finance: object
) -> None:
    run = with_engine.start_waiting()
    announce(agent_service, invocation_id=run, title="What it waits for")
    shown = client.get(f"/runs/{run}/").content.decode()
    for part in ("Waiting for a person", "note the id", "What it waits for", run):
        assert part in shown


def test_a_run_that_the_engine_does_not_know_says_so(client: Client, operator: User, with_engine: Engine) -> None:
    response = client.get("/runs/inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu/")
    assert "no longer" in response.content.decode()


def test_what_is_no_run_is_not_found(client: Client, operator: User) -> None:
    assert client.get("/runs/nonsense/").status_code == 404


def test_the_engine_being_away_is_said_and_is_no_error(client: Client, operator: User) -> None:
    response = client.get("/runs/inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu/")
    assert response.status_code == 200
    assert "Restate" in response.content.decode()


def test_a_run_is_told_in_the_words_of_the_list_with_its_version(
    client: Client, operator: User, with_engine: Engine
) -> None:
    page = words(client, with_engine.start_waiting())
    assert "Waiting for a person , changed just now" in page.replace("person,", "person ,")
    assert "v1 latest dp_" in page
    assert "Somebody outside: nobody announced it" in page


def test_each_step_has_its_kind_its_name_and_how_long_it_took(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_busy("everything", {"word": "x"})
    eventually(lambda: with_engine.state(run) is RunState.WAITING)
    page = words(client, run)
    for part in (
        r"12 steps in the run's journal",
        r"Input \d",
        r"State read notes",
        r"State written notes",
        r"Step look it up \d\d:\d\d:\d\d · \d+ ms",
        r"Sleep \d\d:\d\d:\d\d · [\d.]+ m?s\w* Until \d\d:\d\d:\d\d",
        r"Call Restless / \w+-called / greet \d\d:\d\d:\d\d · \d+ ms",
        r"One-way call Restless / \w+-sent / greet",
        r"State cleared notes",
        r"Step give up failed \d\d:\d\d:\d\d · \d+ ms it gave up",
        r"Wait for a person in progress \d\d:\d\d:\d\d · under 1 min so far",
    ):
        assert re.search(part, page), part


def test_a_decision_on_its_way_is_told_with_how_far_it_has_come(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, reviewer: User
) -> None:
    run = with_engine.start_waiting()
    request = announce(agent_service, invocation_id=run, title="Reimburse a hotel")
    page = words(client, run)
    assert "Wait for a person Reimburse a hotel in progress" in page
    assert "Pending finance" in page
    hold_request(request_id=request.pk, operator=operator, reason="a new rule is due")
    assert "held by an operator" in words(client, run)
    unhold_request(request_id=request.pk, operator=operator, reason="the rule is not for this one")
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    assert "Approved goes out in a moment" in words(client, run)


def test_that_a_run_waits_is_told_before_it_is_suspended(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, finance: Group
) -> None:
    run = with_engine.start("nap", secrets.token_hex(4))
    eventually(lambda: with_engine.state(run) is RunState.ASLEEP)
    announce(agent_service, invocation_id=run, title="Reimburse a hotel")
    assert "Wait for a person Reimburse a hotel in progress" in words(client, run)
    with_engine.do(run, "kill")
    eventually(lambda: with_engine.state(run) is RunState.KILLED)
    assert "Wait for a person" not in words(client, run)


def test_what_failed_is_listed_with_its_step_and_its_trace(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_busy("stumble", None)
    eventually(lambda: with_engine.state(run) is RunState.RETRYING)
    page = words(client, run)
    assert re.search(r"Step a step that stumbles in progress .* at least \d+ failed attempts?", page)
    assert re.search(r"\d\d:\d\d:\d\d · a step that stumbles · 500 ValueError\('no luck at all'\) Stack trace", page)
    assert "Traceback (most recent call last)" in page
    eventually(lambda: re.search(r"Waiting for ValueError\('no luck at all'\) Tried again", words(client, run)))
    assert '<details class="fold" id="stack-' in fresh(client, run)
    (failed,) = re.findall(r'<a id="failed-(\d+)"', whole := fresh(client, run))
    (linked,) = set(re.findall(r'<a id="failed-at-[^"]+" href="#step-(\d+)"', whole))
    assert linked == failed
    with_engine.do(run, "kill")


def test_why_the_engine_has_paused_a_run_is_told(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_busy("give_up", None)
    eventually(lambda: with_engine.state(run) is RunState.PAUSED)
    page = words(client, run)
    assert "Waiting for Somebody to resume it ValueError('no luck at all')" in page
    assert re.search(r"at least [23] failed attempts", page)


def test_a_failure_that_is_too_long_is_told_by_its_length(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_busy("fail_at_length", 100_000)
    eventually(lambda: with_engine.state(run) is RunState.FAILED)
    page = words(client, run)
    assert re.search(r"Step a step that fails failed .* It failed with \d{6} bytes of text", page.replace(",", ""))
    assert len(page) < 12_000
    assert page.count("!…") == 1


def test_runs_that_it_called_are_nested_and_lead_back(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_busy("delegate", 3, key=(key := secrets.token_hex(4)))
    innermost = f"{key}-3-2-1"
    eventually(lambda: innermost in fresh(client, run))
    page = fresh(client, run)
    assert page.count("<ul>") >= 3
    eventually(lambda: "Waiting for a person" in text_within(fresh(client, run), "calls-title"))
    assert f"Busy / {key}-3 / delegate Asleep" in text_within(fresh(client, run), "calls-title")
    (child,) = set(re.findall(r'id="to-(inv_\w+)"', page))
    assert f"Called by Busy / {key} / delegate Asleep" in words(client, child)


def test_calls_are_followed_so_deep_and_no_deeper(client: Client, operator: User, with_engine: Engine) -> None:
    key = secrets.token_hex(4)
    run = with_engine.start_busy("delegate", 6, key=key)
    eventually(lambda: f"{key}-6-5-4-3 " in words_of(fresh(client, run)))
    page = words_of(fresh(client, run))
    assert f"{key}-6-5-4-3-2" not in page
    assert "further calls within these" in page


def test_a_restart_and_what_it_is_a_restart_of_lead_to_each_other(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_waiting()
    with_engine.do(run, "cancel")
    eventually(lambda: with_engine.state(run) is RunState.CANCELLED)
    again = with_engine.restart(run, 1)
    eventually(lambda: with_engine.state(again) is RunState.WAITING)
    assert f'href="/runs/{again}/"' in fresh(client, run)
    assert "Restarts of it" in fresh(client, run)
    assert re.search(r"Restart of Waiting / \w+ / wait Cancelled", words(client, again))
    with_engine.do(run, "purge")
    eventually(lambda: with_engine.state(run) is None)
    assert re.search(r"Restart of inv_\S+ Restate no longer keeps it", words(client, again))


def test_a_long_journal_comes_in_pages_and_opens_with_the_latest(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_busy("count", 150)
    eventually(lambda: with_engine.state(run) is RunState.WAITING)

    def page(query: str) -> tuple[list[int], str]:
        html = client.get(f"/runs/{run}/{query}").content.decode()
        return [int(number) for number in re.findall(r'id="step-(\d+)"', html)], html

    latest, html = page("")
    assert latest == list(range(51, 151))
    assert "in progress" in html
    assert f'hx-get="/runs/{run}/"' in html
    assert 'id="more"' not in html
    assert f'href="/runs/{run}/?before=51#steps-title"' in html
    earlier, html = page("?before=51")
    assert earlier == list(range(100))
    assert "in progress" not in html
    assert f'hx-get="/runs/{run}/?from=0"' in html
    assert (page("?from=0")[0], 'id="earlier"' in html) == (earlier, False)
    assert f'href="/runs/{run}/?from=100#steps-title"' in html
    assert f'id="latest" href="/runs/{run}/#steps-title"' in html
    assert page("?from=100")[0] == list(range(100, 151))
    assert page("?from=nonsense&before=0x7")[0] == latest
    assert page("?before=0")[0] == earlier
    assert page("?from=999")[0] == []


def test_what_operators_did_stands_on_the_page_for_who_may_read_the_record(
    client: Client, operator: User, reviewer: User, with_engine: Engine
) -> None:
    run = with_engine.start_waiting()
    assert "What operators did" not in words(client, run)
    steer_run(operator=operator, invocation_id=run, steering=Steering(Verb.KILL, "it is stuck", typed="Waiting"))
    assert re.search(r"What operators did in the record \S+ · operator Kill it is stuck ", words(client, run))
    reviewer.user_permissions.add(Permission.objects.get(codename="view_run"))
    client.force_login(reviewer)
    assert "Killed" in words(client, run)
    assert "What operators did" not in words(client, run)


def test_the_session_of_a_run_is_one_step_away(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_busy("stumble", None, key=quote(key := "a/b?c=d&e f", safe=""))
    eventually(lambda: with_engine.state(run) is RunState.RETRYING)
    (address,) = re.findall(r'<a href="(/sessions/one/[^"]+)"', fresh(client, run))
    session = client.get(unescape(address))
    assert session.status_code == 200
    assert session.context["session"].key == key
    with_engine.do(run, "kill")


def test_a_run_is_asked_for_again_while_it_goes_on_and_not_when_it_has_ended(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_waiting()
    live = client.get(f"/runs/{run}/", headers={"HX-Request": "true"})
    assert live.content.decode().lstrip().startswith('<div class="run-live" id="run-live" data-ticks hx-get=')
    assert "HX-Request" in live["Vary"]
    with_engine.do(run, "kill")
    eventually(lambda: with_engine.state(run) is RunState.KILLED)
    assert "data-ticks" not in client.get(f"/runs/{run}/").content.decode()


def test_a_page_on_which_nothing_has_happened_is_the_same_a_moment_later(
    client: Client, operator: User, with_engine: Engine
) -> None:
    """The script exchanges what has changed, and whoever reads or selects there is disturbed."""
    run = with_engine.start_waiting()
    passing = re.compile(r"<time.*?</time>", re.DOTALL)
    first = passing.sub("", client.get(f"/runs/{run}/", headers={"HX-Request": "true"}).content.decode())
    assert first == passing.sub("", client.get(f"/runs/{run}/", headers={"HX-Request": "true"}).content.decode())


def test_a_failure_is_shown_without_the_signed_token_in_it(client: Client, viewer: User, with_engine: Engine) -> None:
    client.force_login(viewer)
    run = with_engine.start_waiting()
    with_engine.ingress.reject_awakeable(awakeable_id(run), "Rejected by Rea: no\neyJhbGciOi.eyJpc3MiOi.c2ln")
    eventually(lambda: with_engine.state(run) is RunState.FAILED)
    page = client.get(f"/runs/{run}/").content.decode()
    assert "Rejected by Rea: no" in page
    assert "(signed token)" in page
    assert begun_tokens(page) == []


def test_the_number_of_questions_is_pinned(
    client: Client,
    operator: User,
    with_engine: Engine,
    agent_service: AgentService,
    finance: Group,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    run = with_engine.start_waiting()
    for index in (17, 18, 19):
        asked_for = announcement(invocation_id=run)
        announce_request(agent_service=agent_service, awakeable_id=awakeable_id(run, index), announcement=asked_for)
    client.get(f"/runs/{run}/")
    asked: list[str] = []
    query = Admin.query

    def counting(admin: Admin, sql: str) -> list[dict[str, object]]:
        asked.append(sql)
        return query(admin, sql)

    monkeypatch.setattr(Admin, "query", counting)
    # Session and user; requests and their groups, twice: all, and those that wait, with which runs have any; what an
    # operator holds of it; what operators did; how the courier saw the engine.
    with django_assert_num_queries(11):
        client.get(f"/runs/{run}/")
    # The run; its journal: how long, a stretch, what completed it; what failed, and since when it waits. (What queues
    # behind it is known from a moment ago.)
    assert len(asked) == 6
