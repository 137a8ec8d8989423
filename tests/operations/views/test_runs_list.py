"""The list of runs."""

import re
import secrets
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService
from approvals.services.decide import approve_request
from operations.selectors import places
from operations.selectors.runs import PAGE_SIZE
from restate_bridge.admin import Admin
from restate_bridge.runs import find_many_listed
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.house.house import eventually


def shown(client: Client, **query: str) -> str:
    """Return the page as it is now, whatever somebody was told a moment ago."""
    cache.clear()
    return client.get("/runs/", query).content.decode()


def row_of(page: str, run: str) -> str:
    """Return a run's row without its markup; empty when it is not in the list."""
    found = re.search(rf'<tr[^>]*>(?:(?!</tr>).)*id="run-{run}".*?</tr>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def test_a_run_that_waits_is_listed_with_what_it_waits_for(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, finance: Group
) -> None:
    run = with_engine.start_waiting()
    assert "nobody announced it" in row_of(shown(client, q=run), run)
    announce(agent_service, invocation_id=run, title="Reimburse a hotel")
    row = row_of(shown(client, q=run), run)
    for part in ("Waiting for a person", "Waiting /", "wait", "Reimburse a hotel", "finance", "v1", "latest"):
        assert part in row


def test_what_an_operator_may_not_see_is_not_named(
    client: Client, outsider: User, with_engine: Engine, agent_service: AgentService, finance: Group
) -> None:
    outsider.user_permissions.add(Permission.objects.get(codename="view_run"))
    client.force_login(outsider)
    run = with_engine.start_waiting()
    announce(agent_service, invocation_id=run, title="Top secret")
    row = row_of(shown(client, q=run), run)
    assert "A request that others see" in row
    assert "secret" not in row


def test_a_decision_that_is_kept_for_a_paused_run_is_named(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, reviewer: User
) -> None:
    run = with_engine.start_waiting()
    request = announce(agent_service, invocation_id=run, title="Reimburse a hotel")
    with_engine.do(run, "pause")
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    eventually(lambda: "Paused" in row_of(shown(client, q=run), run))
    assert "Reimburse a hotel Approved" in row_of(shown(client, q=run), run)


@pytest.mark.parametrize(
    ("handler", "delay", "words"),
    [
        ("nap", "", "Asleep"),
        ("fail", "", "Retrying"),
        ("end", "", "[500] it is over"),
        ("greet", "1h", "Its time: in 59 min"),
    ],
)
def test_a_run_says_what_it_does(
    client: Client, operator: User, with_engine: Engine, handler: str, delay: str, words: str
) -> None:
    key = secrets.token_hex(4)
    run = with_engine.start(handler, key, delay=delay)
    state = "failed" if handler == "end" else "open"
    eventually(lambda: words in row_of(shown(client, q=key, state=state), run))


def test_a_run_that_is_retried_says_what_failed_and_how_often(
    client: Client, operator: User, with_engine: Engine
) -> None:
    key = secrets.token_hex(4)
    run = with_engine.start("fail", key)
    eventually(lambda: "at least 3 attempts" in row_of(shown(client, q=key), run))
    row = row_of(shown(client, q=key), run)
    assert f"no luck with {key}" in row
    assert "Tried again in" in row or "any moment now" in row
    with_engine.do(run, "kill")


def test_how_many_queue_behind_a_run_is_shown(client: Client, operator: User, with_engine: Engine) -> None:
    key = secrets.token_hex(4)
    run = with_engine.start("nap", key)
    for _ in range(3):
        with_engine.start("greet", key)
    eventually(lambda: re.search(r"v1 latest|3 v1", row_of(shown(client, q=key), run)))
    assert " 3 v1 latest" in row_of(shown(client, q=key), run)


def test_pages_are_walked_to_the_end(client: Client, operator: User, with_engine: Engine) -> None:
    key = secrets.token_hex(4)
    runs = [with_engine.start("nap", f"{key}-{number}") for number in range(PAGE_SIZE + 2)]
    # Of those that began in the same millisecond the id decides.
    made = {run.id: run.place for run in find_many_listed(with_engine.admin, runs).values()}
    runs.sort(key=lambda run: (made[run].created_at, run))
    first = shown(client, q=key)
    assert re.findall(r'id="run-(inv_\w+)"', first) == runs[:1:-1]
    (after,) = re.findall(r"after=([^\"&]+)\" rel=\"next\"", first)
    second = client.get(f"/runs/?q={key}&after={after}").content.decode()
    assert re.findall(r'id="run-(inv_\w+)"', second) == runs[1::-1]
    assert 'rel="next"' not in second
    assert "Back to the beginning" in second


@pytest.mark.parametrize(
    "nonsense", ["x", "~", "2026-01-01~inv_1", "2026-01-01T00:00:00~inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"]
)
def test_a_place_that_is_none_is_the_beginning(nonsense: str) -> None:
    assert places.read(nonsense) is None


def test_filters_are_links_that_can_be_taken_away(client: Client, operator: User, with_engine: Engine) -> None:
    key = f"it's {secrets.token_hex(4)}"
    run = with_engine.start("nap", key)
    page = shown(client, session=key, service="Restless", age="nonsense")
    assert row_of(page, run)
    assert "Take away: Restless" in re.sub(r"<[^>]+>", "", page).replace("  ", " ")
    assert not row_of(shown(client, session=key, service="Waiting"), run)
    assert not row_of(shown(client, session=key, age="hour"), run)


def test_htmx_gets_the_list_alone(client: Client, operator: User, with_engine: Engine) -> None:
    answer = client.get("/runs/", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="runs"')
    assert "HX-Request" in answer["Vary"]


def test_an_empty_list_explains_itself(client: Client, operator: User, with_engine: Engine) -> None:
    assert "No run is like that" in shown(client, q="nobody has such a key")


def test_the_engine_being_away_is_said(client: Client, operator: User) -> None:
    assert "Restate can&#x27;t be asked" in shown(client) or "Restate can't be asked" in shown(client)


def test_those_who_look_at_the_same_moment_ask_the_engine_once(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = Admin.query

    def counting(admin: Admin, sql: str) -> list[dict[str, Any]]:
        asked.append(sql)
        return query(admin, sql)

    monkeypatch.setattr(Admin, "query", counting)
    client.get("/runs/")
    once = len(asked)
    for _ in range(5):
        client.get("/runs/")
    assert len(asked) == once > 0


def test_the_number_of_queries_is_pinned(
    client: Client,
    operator: User,
    with_engine: Engine,
    agent_service: AgentService,
    finance: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    runs = [with_engine.start_waiting() for _ in range(3)]
    for run in runs:
        announce(agent_service, invocation_id=run)
    # Session and user; requests and their groups, and which runs have any; how the courier saw the engine.
    with django_assert_num_queries(7):
        client.get("/runs/")


def test_the_runs_are_in_the_header_of_who_may_see_them(client: Client, operator: User, reviewer: User) -> None:
    assert 'href="/runs/"' in client.get("/").content.decode()
    client.force_login(reviewer)
    assert 'href="/runs/"' not in client.get("/").content.decode()
