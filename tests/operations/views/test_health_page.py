"""The page of health: each part well, and each in trouble."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals.models import AgentService, Delivery, EngineSight
from approvals.selectors import migrations
from approvals.services.decide import approve_request
from restate_bridge.deployments import list_deployments
from restate_bridge.endpoints import Answer
from restate_bridge.identity import ensure_identity
from restate_bridge.ids import awakeable_id
from restate_bridge.listed_run import RunState
from restate_bridge.run_counts import count_refused, count_retried
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.engine.fixtures import newer_code
from tests.house.house import eventually


def part(client: Client, code: str) -> str:
    """Return a part of the page as it is now, without its markup, how it is first."""
    cache.clear()
    response = client.get("/health/")
    assert response.status_code == 200
    found = re.search(rf'<section[^>]*id="part-{code}".*?</section>', response.text, re.DOTALL)
    assert found
    condition = re.search(r'data-condition="(\w+)"', found.group())
    assert condition
    return f"{condition[1]}: " + " ".join(unescape(re.sub(r"<[^>]+>", " ", found.group())).split())


@pytest.fixture
def seen(db: None) -> EngineSight:
    """A courier that has just looked at an engine that is there."""
    return EngineSight.objects.create(pk=1, looked_at=timezone.now())


@pytest.fixture
def queued(agent_service: AgentService, reviewer: User) -> Delivery:
    """A decision that is to be sent."""
    request = announce(agent_service)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    return Delivery.objects.get()


class TestTheEngine:
    def test_well(self, client: Client, operator: User, with_engine: Engine, settings: Any) -> None:
        settings.RESTATE_INGRESS_URL = with_engine.server.ingress_url
        said = part(client, "engine")
        assert said.startswith("well:")
        for fact in (
            "Version 1.7",
            "Nodes, running or not 1",
            "Partitions all answer queries",
            "vqueues",
            "can be paused",
        ):
            assert fact in said

    def test_away(self, client: Client, operator: User) -> None:
        said = part(client, "engine")
        assert said.startswith("trouble:")
        assert "decisions are kept" in said
        assert "RESTATE_INGRESS_URL" in said

    def test_only_its_admin_api_away(
        self,
        client: Client,
        operator: User,
        with_engine: Engine,
        ask_engine_at: Callable[[str], None],
        settings: Any,
    ) -> None:
        ask_engine_at("http://127.0.0.1:9")
        settings.RESTATE_INGRESS_URL = with_engine.server.ingress_url
        said = part(client, "engine")
        assert said.startswith("trouble:")
        assert "Decisions go out all the same" in said


class TestTheCourier:
    def test_well(self, client: Client, operator: User, seen: EngineSight) -> None:
        assert part(client, "courier").startswith("well:")

    def test_never_seen(self, client: Client, operator: User) -> None:
        said = part(client, "courier")
        assert said.startswith("trouble:")
        assert "No courier has ever run" in said
        assert "manage.py courier" in said

    def test_not_seen_for_a_while(self, client: Client, operator: User, seen: EngineSight) -> None:
        EngineSight.objects.update(looked_at=timezone.now() - timedelta(minutes=2))
        assert "No courier has been seen for a while" in part(client, "courier")

    def test_what_restate_did_not_take_is_named_with_what_it_said(
        self, client: Client, operator: User, seen: EngineSight, queued: Delivery
    ) -> None:
        Delivery.objects.update(attempts=3, last_error="Restate answered 500: \u202eno disk")
        said = part(client, "courier")
        assert said.startswith("trouble:")
        assert "Restate did not take 1 decision." in said
        assert f"#{queued.request_id} tried 3 times: Restate answered 500" in said
        assert "\u202e" not in said

    def test_an_agent_that_acknowledges_nothing(
        self, client: Client, operator: User, seen: EngineSight, queued: Delivery
    ) -> None:
        assert part(client, "courier").startswith("well:")
        Delivery.objects.update(state="sent", queued_at=timezone.now() - timedelta(minutes=6))
        assert "no agent has acknowledged it" in part(client, "courier")
        # Who has paused the run knows why nothing arrives.
        Delivery.objects.update(state="kept")
        assert part(client, "courier").startswith("well:")


class TestTheEndpoints:
    def test_well(self, client: Client, operator: User, with_engine: Engine) -> None:
        with_engine.start_waiting()
        said = part(client, "endpoints")
        assert said.startswith("well:")
        for fact in ("answers", "Waiting v1", "restate-sdk-python/", "protocol 5–", "run"):
            assert fact in said

    def test_one_that_is_dead_and_needed(self, client: Client, operator: User, with_fresh_engine: Engine) -> None:
        with newer_code("all") as dead:
            with_fresh_engine.admin.register_deployment(dead)
        said = part(client, "endpoints")
        assert said.startswith("unknown:")
        assert "1 endpoint that runs need can't be reached from Countersign. No run fails there so far." in said
        assert f"{dead}/ can't be reached from Countersign: Connection refused" in said
        assert f'class="wrong"><th scope="row">{dead}' not in client.get("/health/").text
        failing = with_fresh_engine.start("end", "k")
        eventually(lambda: with_fresh_engine.state(failing) is RunState.RETRYING, what="the run to be tried again")
        said = part(client, "endpoints")
        assert said.startswith("trouble:")
        assert "1 endpoint can't be reached from Countersign, and runs fail there." in said
        assert "0 runs · 1 is tried again" in said
        assert f'class="wrong"><th scope="row">{dead}' in client.get("/health/").text

    def test_an_old_one_that_dies_before_its_run_has_ended(
        self, client: Client, operator: User, with_fresh_engine: Engine
    ) -> None:
        [first] = list_deployments(with_fresh_engine.admin)
        with newer_code("all") as dead:
            with_fresh_engine.admin.register_deployment(dead)
            run = with_fresh_engine.start_waiting()
        with_fresh_engine.admin.register_deployment(first.uri, force=True)
        assert part(client, "endpoints").startswith("unknown:")
        with_fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "go on")
        eventually(lambda: with_fresh_engine.state(run) is RunState.RETRYING, what="the run to be tried again")
        said = part(client, "endpoints")
        assert said.startswith("trouble:")
        assert "1 run · 1 is tried again" in said

    def test_one_that_takes_signed_calls_alone(
        self, client: Client, operator: User, with_fresh_engine: Engine, tmp_path: Path
    ) -> None:
        keys_file = tmp_path / "keys"
        ensure_identity(tmp_path / "key.pem", keys_file)
        with newer_code("all") as open_to_all:
            with_fresh_engine.admin.register_deployment(open_to_all)
        port = int(open_to_all.rpartition(":")[2])
        with newer_code("all", port, signed_by=keys_file):
            said = part(client, "endpoints")
            assert said.startswith("well:")
            assert re.search(f"{open_to_all}/ answers, and takes signed calls alone · .*restate-sdk-python/", said)
            assert re.search("takes signed calls alone · .* · protocol 5–", said)
            failing = with_fresh_engine.start("greet", "k")
            eventually(lambda: with_fresh_engine.state(failing) is RunState.RETRYING, what="the run to be tried again")
            eventually(lambda: count_refused(with_fresh_engine.admin), what="the refusal to be told")
            said = part(client, "endpoints")
            assert said.startswith("trouble:")
            assert "1 endpoint refuses Restate's calls, and runs fail there" in said
            assert "AGENTS_IDENTITY_KEYS_FILE" in said
            assert "1 is tried again" in said
            assert f'class="wrong"><th scope="row">{open_to_all}' in client.get("/health/").text

    def test_one_that_takes_signed_calls_alone_and_whose_runs_fail_by_themselves(
        self, client: Client, operator: User, with_fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "operations.selectors.health.endpoints.ask_endpoints",
            lambda uris, timeout: [Answer(sdk="some-sdk/9", is_signed_only=True) for _ in uris],
        )
        failing = with_fresh_engine.start("fail", "unexpected http status code: 401 Unauthorized")
        eventually(lambda: with_fresh_engine.state(failing) is RunState.RETRYING, what="the run to be tried again")
        assert count_retried(with_fresh_engine.admin)
        assert part(client, "endpoints").startswith("well:")

    def test_what_runs_no_longer_need_may_be_dead(
        self, client: Client, operator: User, with_fresh_engine: Engine
    ) -> None:
        [first] = list_deployments(with_fresh_engine.admin)
        with newer_code("all") as dead:
            with_fresh_engine.admin.register_deployment(dead)
        with_fresh_engine.admin.register_deployment(first.uri, force=True)
        said = part(client, "endpoints")
        assert said.startswith("well:")
        assert f"{dead}/ can't be reached" in said
        assert "no longer needed" in said

    def test_a_function_is_not_asked(
        self, client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        function = "arn:aws:lambda:eu-central-1:123456789012:function:claims:1"
        [deployment] = [replace(one, uri=function) for one in list_deployments(with_engine.admin)]
        monkeypatch.setattr("operations.selectors.health.endpoints.list_deployments", lambda _: [deployment])
        said = part(client, "endpoints")
        assert said.startswith("well: Agents' endpoints Well All addresses that runs need answer. Functions are not")
        assert f"{function} a function, not asked" in said

    def test_an_old_one_that_a_run_needs_is_asked_before_newer_ones_that_none_needs(
        self, client: Client, operator: User, with_fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [old] = list_deployments(with_fresh_engine.admin)
        with_fresh_engine.start_waiting()
        with newer_code("all") as unneeded, newer_code("all") as latest:
            for uri in (unneeded, latest):
                with_fresh_engine.admin.register_deployment(uri)
            monkeypatch.setattr("operations.selectors.health.endpoints._AT_MOST", 2)
            said = part(client, "endpoints")
            assert said.startswith("well:")
            assert old.uri in said
            assert unneeded not in said
            assert "Others that were not asked 1" in said
            monkeypatch.setattr("operations.selectors.health.endpoints._AT_MOST", 1)
            said = part(client, "endpoints")
            assert said.startswith("unknown:")
            assert "1 endpoint that runs need was not asked" in said
            assert "Others that were not asked 2" in said

    def test_unknown_while_the_engine_is_away(self, client: Client, operator: User) -> None:
        assert part(client, "endpoints").startswith("unknown:")


class TestTheIntake:
    def test_each_agent_service_with_its_last_announcement(
        self, client: Client, operator: User, queued: Delivery
    ) -> None:
        AgentService.objects.create(name="silent", token_hash="x")
        AgentService.objects.create(name="revoked", token_hash="y", revoked_at=timezone.now())
        said = part(client, "intake")
        assert said.startswith("well:")
        assert re.search("samples .*(now|ago)", said)
        assert "silent has announced nothing yet" in said
        assert "revoked" not in said

    def test_nobody_may_announce(self, client: Client, operator: User) -> None:
        said = part(client, "intake")
        assert said.startswith("trouble:")
        assert "register_agent_service" in said


class TestTheDatabase:
    def test_well(self, client: Client, operator: User) -> None:
        said = part(client, "database")
        assert said.startswith("well:")
        assert re.search(r"Version \d+", said)
        assert re.search(r"Record \d+\.\d [KM]B", said)

    def test_tables_are_missing(self, client: Client, operator: User) -> None:
        written = migrations._written() | {("approvals", "9999_not_applied")}
        with patch("approvals.selectors.migrations._written", return_value=written):
            said = part(client, "database")
        assert said.startswith("trouble:")
        assert "approvals.9999_not_applied" in said
        assert "manage.py migrate" in said


def test_a_viewer_may_look_and_htmx_gets_the_parts_alone(client: Client, viewer: User) -> None:
    client.force_login(viewer)
    assert "<h1>Health</h1>" in client.get("/health/").text
    assert "<h1>" not in client.get("/health/", headers={"hx-request": "true"}).text


def test_who_looks_a_moment_later_costs_the_database_little_and_the_engine_nothing(
    client: Client, operator: User
) -> None:
    client.get("/health/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/health/", headers={"hx-request": "true"})
    assert len(queries) == 9
