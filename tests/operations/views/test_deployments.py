"""The pages about deployments: all of them, one, and how to bring another."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from approvals.engine import registrar
from operations.models import OperatorEvent
from operations.rules.draining import Need
from operations.selectors.deployments import deployment_now
from restate_bridge.admin import Admin
from restate_bridge.deployments import Deployment, list_deployments
from restate_bridge.ids import awakeable_id
from restate_bridge.listed_run import RunState
from restate_bridge.runs import find_listed
from tests.engine.engine import Engine
from tests.engine.fixtures import newer_code
from tests.house.house import eventually

NEVER_EXISTED = "dp_17Iksyk3QGM5JqYHPT2E76N"


def shown(client: Client, path: str = "/deployments/") -> str:
    """Return the text of a page as it is now, whatever somebody was told a moment ago."""
    cache.clear()
    page = client.get(path).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def bring(uri: str) -> None:
    registrar().register(uri, force=False, dry_run=False)


def only(engine: Engine) -> Deployment:
    (deployment,) = list_deployments(engine.admin)
    return deployment


def test_a_deployment_is_shown_with_what_it_holds_and_who_goes_on_with_it(
    client: Client, operator: User, with_fresh_engine: Engine
) -> None:
    deployment = only(with_fresh_engine)
    with_fresh_engine.start_waiting()
    page = shown(client)
    for part in (deployment.uri, "restate-sdk-python/", "Waiting v1", "Restless v1", "New runs go here"):
        assert part in page
    assert "1 run goes on with it Waiting for a person 1" in page
    cache.clear()
    listed = client.get("/deployments/").content.decode()
    assert f"/runs/?state=waiting&amp;version={deployment.id}" in listed


def test_an_old_deployment_finishes_what_began_with_it_and_is_drained_then(
    client: Client, operator: User, with_fresh_engine: Engine
) -> None:
    old, run = only(with_fresh_engine), with_fresh_engine.start_waiting()
    with newer_code("all") as uri:
        bring(uri)
        assert "Finishes what began with it" in shown(client)
        guide = shown(client, "/deployments/guide/")
        assert "1 run goes on with an old version, 1 of them waits for people" in guide
        assert "Let the old runs finish now" in guide
        one = shown(client, f"/deployments/{old.id}/")
        assert "Moving its runs to the latest version" in one
        assert "only if the new code makes the same steps" in one
        assert "choose “Move to newer code” on its page" in one
        with_fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "yes")
        eventually(lambda: with_fresh_engine.status(run) == "completed")
        assert "Drained" in shown(client)
        assert "Remove the old version now" in shown(client, "/deployments/guide/")


def test_runs_of_a_service_that_has_no_newer_code_are_not_called_old(
    client: Client, operator: User, with_fresh_engine: Engine
) -> None:
    engine, old = with_fresh_engine, only(with_fresh_engine)
    asleep = [engine.start("nap", key) for key in ("a", "b")]
    for run in asleep:
        eventually(lambda run=run: engine.state(run) is RunState.ASLEEP)  # type: ignore[misc]
    with newer_code("newer") as uri:
        bring(uri)
        guide = shown(client, "/deployments/guide/")
        assert "No run goes on with an old version." in guide
        assert "Let the old runs finish done" in guide
        assert "2 runs go on with it, none of them with an old version" in guide
        one = shown(client, f"/deployments/{old.id}/")
        assert "Moving its runs to the latest version" not in one


def test_both_numbers_are_said_where_only_some_runs_are_old(
    client: Client, operator: User, with_fresh_engine: Engine
) -> None:
    engine = with_fresh_engine
    asleep = engine.start("nap", "a")
    eventually(lambda: engine.state(asleep) is RunState.ASLEEP)
    engine.start_waiting()
    with newer_code("newer") as uri:
        bring(uri)
        guide = shown(client, "/deployments/guide/")
        assert "1 run goes on with an old version, 1 of them waits for people" in guide
        assert "2 runs go on with it, 1 of them with an old version" in guide
        assert "2 runs go on with it, 1 of them with an old version" in shown(client)


def test_what_keeps_an_old_deployment_from_being_drained_is_named(
    client: Client, operator: User, with_fresh_engine: Engine
) -> None:
    with newer_code("newer") as uri:
        bring(uri)
        assert "New runs of some services go here" in shown(client)
        assert "their new runs still go there: Restless" in shown(client, "/deployments/guide/")


def test_runs_whose_code_is_gone_are_said(client: Client, operator: User, with_fresh_engine: Engine) -> None:
    deployment = only(with_fresh_engine)
    with_fresh_engine.start_waiting()
    registrar().remove(deployment.id)
    page = shown(client)
    assert f"1 run is pinned to code that Restate no longer has, and can't go on: {deployment.id}" in page
    assert "Restate knows no code yet" in page


def test_only_who_may_is_offered_to_change_anything(
    client: Client, viewer: User, administrator: User, with_fresh_engine: Engine
) -> None:
    old = only(with_fresh_engine)
    with newer_code("all") as uri:
        bring(uri)
        offers = {"/deployments/": "Register…", "/deployments/guide/": "Try an address…"}
        offers[f"/deployments/{old.id}/"] = "Remove this deployment…"
        for user, is_offered in ((viewer, False), (administrator, True)):
            client.force_login(user)
            assert {path: words in shown(client, path) for path, words in offers.items()} == dict.fromkeys(
                offers, is_offered
            )


def test_a_deployment_that_is_none_is_not_found(client: Client, operator: User, with_engine: Engine) -> None:
    for odd in (NEVER_EXISTED, "nonsense"):
        assert client.get(f"/deployments/{odd}/").status_code == 404


@pytest.mark.parametrize("path", ["/deployments/", "/deployments/guide/", f"/deployments/{NEVER_EXISTED}/"])
def test_the_engine_being_away_is_said(client: Client, operator: User, path: str) -> None:
    assert "Restate can't be asked at the moment" in shown(client, path)


@pytest.mark.parametrize(
    ("path", "part"), [("/deployments/", "deployments"), ("/deployments/guide/", "steps"), ("{}", "deployment")]
)
def test_htmx_gets_what_changes_alone(
    client: Client, operator: User, with_engine: Engine, path: str, part: str
) -> None:
    path = path.format(f"/deployments/{only(with_engine).id}/")
    answer = client.get(path, headers={"HX-Request": "true"})
    assert re.match(rf'\s*<(div|ol) id="{part}"', answer.content.decode())
    assert "HX-Request" in answer["Vary"]


def test_the_engine_is_asked_twice_however_many_look_and_the_database_stays_out_of_it(
    client: Client,
    operator: User,
    with_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    asked: list[str] = []
    query, get = Admin.query, Admin.get

    def counting(admin: Admin, sql: str) -> list[dict[str, Any]]:
        asked.append(sql)
        return query(admin, sql)

    def getting(admin: Admin, path: str) -> dict[str, Any]:
        asked.append(path)
        return get(admin, path)

    monkeypatch.setattr(Admin, "query", counting)
    monkeypatch.setattr(Admin, "get", getting)
    cache.clear()
    # Session, user and what they may; how the courier saw the engine.
    with django_assert_num_queries(4):
        client.get("/deployments/")
    for path in ("/deployments/", "/deployments/guide/"):
        client.get(path)
    assert len(asked) == 2
    assert "GROUP BY" in asked[1]


def test_a_run_that_was_moved_to_code_with_other_steps_is_taken_back(
    client: Client, operator: User, with_fresh_engine: Engine
) -> None:
    old, run = only(with_fresh_engine), with_fresh_engine.start_waiting()

    def steer(verb: str, **fields: str) -> None:
        answer = client.post(f"/runs/{run}/{verb}/", {"reason": "it has to be", **fields})
        assert answer.status_code == 302, answer.content.decode()

    with newer_code("all") as uri:
        steer("pause")
        eventually(lambda: with_fresh_engine.state(run) is RunState.PAUSED)
        assert "v1 at" not in shown(client, f"/runs/{run}/resume/")
        bring(uri)
        steer("resume", deployment="latest")
        eventually(lambda: with_fresh_engine.state(run) is RunState.RETRYING)
        steer("pause")
        eventually(lambda: with_fresh_engine.state(run) is RunState.PAUSED)
        address = old.uri.partition("//")[2].rstrip("/")
        assert f"v1 at {address}" in shown(client, f"/runs/{run}/resume/")
        odd = client.post(f"/runs/{run}/resume/", {"reason": "why", "deployment": NEVER_EXISTED})
        assert odd.status_code == 422
        steer("resume", deployment=old.id)
        eventually(lambda: with_fresh_engine.state(run) is RunState.WAITING)


def test_a_run_that_waits_is_moved_to_newer_code_where_there_is_some(
    client: Client, operator: User, with_fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.services.verbs._HEEDED_WITHIN", 30.0)
    run, unpinned = with_fresh_engine.start_waiting(), with_fresh_engine.start_waiting("look")
    path = f"/runs/{run}/"
    assert f'href="{path}move/"' not in client.get(path).content.decode()
    assert "The run has the newest code of its service" in shown(client, f"{path}move/")
    with newer_code("same") as uri:
        bring(uri)
        newest, _ = list_deployments(with_fresh_engine.admin)
        assert f'href="{path}move/"' in client.get(path).content.decode()
        assert "or gets it with its first step" in shown(client, f"/runs/{unpinned}/move/")
        assert "only if that code takes the same steps in the same order" in shown(client, f"{path}move/")
        answer = client.post(f"{path}move/", {"reason": "the old code leaks"}, follow=True)
        assert "The run goes on with the newer code." in answer.content.decode()
        assert with_fresh_engine.state(run) is RunState.WAITING
        found = find_listed(with_fresh_engine.admin, run)
        assert found is not None
        assert found.deployment == newest.id
    asked, _answered, read = OperatorEvent.objects.all()
    assert (asked.code, asked.reason, asked.data["deployment"]) == ("run.move.asked", "the old code leaks", "latest")
    assert (read.code, read.data["state"]) == ("run.move.read", RunState.WAITING)


def needs(deployment: Deployment) -> list[Need]:
    standing = deployment_now(deployment.id)
    assert standing is not None
    return standing.needs


def test_a_run_that_fails_with_the_newer_code_is_said_to_and_many_are_moved_together(
    client: Client, operator: User, with_fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.services.verbs._HEEDED_WITHIN", 30.0)
    runs = [with_fresh_engine.start_waiting() for _ in range(3)]
    with newer_code("all") as uri:
        bring(uri)
        answer = client.post(f"/runs/{runs[0]}/move/", {"reason": "it has to be"}, follow=True)
        assert "The run has the newer code, and fails there." in answer.content.decode()
        page = client.get("/runs/together/", {"verb": "move", "pick": runs}).content.decode()
        assert "The run is at work: pause it first." in page
        asked = {"verb": "move", "pick": runs[1:], "reason": "all of them"}
        assert client.post("/runs/together/", asked).status_code == 200
        assert all(with_fresh_engine.state(run) is RunState.RETRYING for run in runs)
        # None of them goes on with the old code, which is their way back all the same.
        _, old = list_deployments(with_fresh_engine.admin)
        assert needs(old) == [Need.WAY_BACK]
        assert "No deployment is drained now." in shown(client, "/deployments/guide/")
        with_fresh_engine.do(runs[0], "pause")
        eventually(lambda: with_fresh_engine.state(runs[0]) is RunState.PAUSED)
        assert needs(old) == [Need.WAY_BACK]
        for run in runs:
            with_fresh_engine.do(run, "kill")
        eventually(lambda: all(with_fresh_engine.state(run) is RunState.KILLED for run in runs))
        assert needs(old) == []
