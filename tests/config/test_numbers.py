"""The numbers at /metrics: who may read them, and that they are true."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from approvals.models import AgentService, ApprovalRequest, Delivery, EngineSight
from approvals.services.decide import approve_request, reject_request
from approvals.services.expire import expire_next_request
from restate_bridge.ids import awakeable_id
from tests.announcing import announce, announcement
from tests.conftest import AGENT_TOKEN

TOKEN = "a-token-for-the-tests-of-the-numbers"

type Numbers = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def read(client: Client, settings: Any) -> Callable[[], Numbers]:
    """Return what reads the numbers, by their names and the values of their labels."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> Numbers:
        cache.clear()  # what was decided is counted once a minute
        response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        families = text_string_to_metric_families(response.text)
        return {(s.name, tuple(s.labels.values())): s.value for family in families for s in family.samples}

    return read


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}])
def test_without_the_token_there_is_nothing_here(client: Client, settings: Any, header: dict[str, str]) -> None:
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers=header)
    assert (response.status_code, response.text) == (404, "not found\n")


@pytest.mark.parametrize("token", ["", "anything"])
def test_where_no_token_is_set_none_opens_it(client: Client, token: str) -> None:
    assert client.get("/metrics", headers={"authorization": f"Bearer {token}"}).status_code == 404


def test_requests_are_counted_by_what_became_of_them(
    read: Callable[[], Numbers], agent_service: AgentService, reviewer: User
) -> None:
    for place in range(4):
        announce(agent_service, deadline_seconds=60 if place == 3 else None)
    pending, approved, rejected, expiring = ApprovalRequest.objects.order_by("id")
    approve_request(request_id=approved.pk, reviewer=reviewer, seen=approved.digest)
    reject_request(request_id=rejected.pk, reviewer=reviewer, seen=rejected.digest, note="no")
    assert expire_next_request(now=timezone.now() + timedelta(hours=1)) == expiring
    ApprovalRequest.objects.filter(pk=pending.pk).update(announced_at=timezone.now() - timedelta(hours=2))
    numbers = read()
    counted = {status: numbers["countersign_requests", (status,)] for status in ("pending", "approved", "rejected")}
    assert counted == {"pending": 1, "approved": 1, "rejected": 1}
    assert numbers["countersign_requests", ("expired",)] == 1
    assert numbers["countersign_requests", ("withdrawn",)] == 0
    assert 7_190 < numbers["countersign_oldest_pending_request_seconds", ()] < 7_300


def test_deliveries_are_counted_by_how_far_they_got(
    read: Callable[[], Numbers], agent_service: AgentService, reviewer: User
) -> None:
    for _ in range(3):
        request = announce(agent_service)
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    first, second, third = Delivery.objects.order_by("id")
    long_ago = timezone.now() - timedelta(minutes=10)
    Delivery.objects.filter(pk=first.pk).update(queued_at=long_ago, last_error="Restate can't be reached")
    Delivery.objects.filter(pk=second.pk).update(state="undeliverable", due_at=None)
    Delivery.objects.filter(pk=third.pk).update(state="done", due_at=None)
    numbers = read()
    assert numbers["countersign_deliveries", ("queued",)] == 1
    assert numbers["countersign_deliveries", ("undeliverable",)] == 1
    assert numbers["countersign_deliveries_retried", ()] == 1
    assert 595 < numbers["countersign_oldest_undelivered_decision_seconds", ()] < 700


@pytest.mark.django_db
def test_the_courier_has_its_numbers_in_the_database(read: Callable[[], Numbers]) -> None:
    assert ("countersign_courier_last_seen_timestamp_seconds", ()) not in read()
    at = timezone.now()
    sight = EngineSight.objects.create(pk=1, looked_at=at)
    numbers = read()
    assert numbers["countersign_courier_last_seen_timestamp_seconds", ()] == pytest.approx(at.timestamp())
    assert numbers["countersign_engine_up", ()] == 1
    sight.away_since = at
    sight.save()
    assert read()["countersign_engine_up", ()] == 0


@pytest.mark.django_db
def test_calls_are_counted_by_route_and_status_and_never_by_address(read: Callable[[], Numbers]) -> None:
    def counted(*labels: str) -> float:
        return read().get(("countersign_http_request_seconds_count", labels), 0)

    before = counted("GET", "requests/<int:request_id>/", "302"), counted("GET", "none", "404")
    Client().get("/requests/77/?q=a-private-word")
    Client().get("/no/such/page")
    after = counted("GET", "requests/<int:request_id>/", "302"), counted("GET", "none", "404")
    assert after == (before[0] + 1, before[1] + 1)
    assert not any("private" in label for _, labels in read() for label in labels)


def test_announcements_are_counted_new_and_repeated(
    read: Callable[[], Numbers], agent_service: AgentService, finance: Group
) -> None:
    wanted = announcement()
    path = f"/api/requests/{awakeable_id(wanted.run.invocation_id)}"
    headers = {"authorization": f"Bearer {AGENT_TOKEN}"}
    before = read()
    for status in (201, 200):
        response = Client().put(path, wanted.model_dump_json(), content_type="application/json", headers=headers)
        assert response.status_code == status
    after = read()
    for kind in ("new", "repeated"):
        key = ("countersign_announcements_total", (kind,))
        assert after[key] == before.get(key, 0) + 1


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_number_too(read: Callable[[], Numbers]) -> None:
    assert read()["countersign_database_up", ()] == 1
    with patch("config.numbers.watched", side_effect=OperationalError("away")):
        numbers = read()
    assert numbers["countersign_database_up", ()] == 0
    assert not any(name == "countersign_requests" for name, _ in numbers)


@pytest.mark.django_db
def test_what_was_decided_is_not_counted_again_within_a_minute(
    read: Callable[[], Numbers], client: Client, agent_service: AgentService, reviewer: User
) -> None:
    read()
    with CaptureQueriesContext(connection) as queries:
        client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert len(queries) == 5


@pytest.mark.django_db
def test_reading_them_takes_six_queries_of_indexes(read: Callable[[], Numbers]) -> None:
    read()
    with CaptureQueriesContext(connection) as queries:
        read()
    assert len(queries) <= 6
