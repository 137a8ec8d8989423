"""What operators' tools read at `/metrics`: numbers of this process, and of what the database holds.

What happens in this process is counted in it; run more containers rather than more workers, and have each be asked.
What concerns everybody, the courier's work above all, is read from the database when somebody asks, so that it is the
same whichever process answers, and a courier needs no address of its own.
"""

import hmac
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg_pool import PoolTimeout

from approvals.selectors.watching import Watched, watched

HTTP_REQUESTS: Final = Histogram(
    "countersign_http_request_seconds",
    "How long calls took, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def numbers(request: HttpRequest) -> HttpResponse:
    """Answer who brings the token with the numbers, and everybody else as if there were nothing here."""
    if not _may_read(request):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    asked = CollectorRegistry()
    asked.register(_FromDatabase())
    return HttpResponse(generate_latest(REGISTRY) + generate_latest(asked), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected: str = settings.METRICS_TOKEN
    return bool(expected) and scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), expected.encode())


class _FromDatabase(Collector):
    """What the database holds; that it is away is a number too."""

    def describe(self) -> list[Metric]:
        """Say nothing beforehand: that would ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read it once."""
        try:
            found = watched()
        except (DatabaseError, PoolTimeout):
            yield _gauge("countersign_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("countersign_database_up", "Whether the database answers.", 1)
        yield from _requests_and_deliveries(found)
        yield from _courier(found)


def _requests_and_deliveries(found: Watched) -> Iterator[Metric]:
    now = timezone.now()
    requests = GaugeMetricFamily(
        "countersign_requests", "Requests by status: those pending, and what was decided.", labels=["status"]
    )
    for status, number in found.requests.items():
        requests.add_metric([status], number)
    yield requests
    oldest = (now - found.oldest_pending_at).total_seconds() if found.oldest_pending_at else 0
    yield _gauge("countersign_oldest_pending_request_seconds", "Since when the oldest pending request waits.", oldest)
    deliveries = GaugeMetricFamily(
        "countersign_deliveries", "Decisions by how far they got; those that are done are left out.", labels=["state"]
    )
    for state, number in found.deliveries.items():
        deliveries.add_metric([state], number)
    yield deliveries
    yield _gauge("countersign_deliveries_retried", "Queued decisions that Restate did not take.", found.retried)
    waiting = (now - found.oldest_undelivered_at).total_seconds() if found.oldest_undelivered_at else 0
    yield _gauge(
        "countersign_oldest_undelivered_decision_seconds",
        "How long ago the oldest decision was made that no agent has acknowledged.",
        waiting,
    )


def _courier(found: Watched) -> Iterator[Metric]:
    if found.courier_seen_at:
        at = found.courier_seen_at.timestamp()
        yield _gauge("countersign_courier_last_seen_timestamp_seconds", "When a courier last looked at Restate.", at)
        up = 0 if found.engine_away_since else 1
        yield _gauge("countersign_engine_up", "Whether Restate was there when a courier last looked.", up)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
