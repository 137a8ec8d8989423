"""Data that is there when the tables change."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from approvals.models import KnownTool
from approvals.rules.queue_query import QueueQuery
from approvals.selectors.inbox import queue_page

BEFORE = [("approvals", "0002_append_only_record_and_bells")]
BEFORE_QUEUES = [
    ("approvals", "0003_escalations_restarts_and_second_thoughts"),
    ("auth", "0012_alter_user_first_name_max_length"),
]


@pytest.mark.django_db(transaction=True)
def test_what_waits_and_what_is_on_its_way_outlives_the_third_migration() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    try:
        apps = executor.loader.project_state(BEFORE).apps
        service = apps.get_model("approvals", "AgentService").objects.create(name="old", token_hash="x")
        requests, now = apps.get_model("approvals", "ApprovalRequest").objects, timezone.now()
        common = {"announced_by": service, "arguments": {}, "kind": "approval", "risk": "low"}
        pending = requests.create(awakeable_id="sign_1pending", **common)
        approved = requests.create(awakeable_id="sign_1approved", status="approved", **common)
        decisions, deliveries = (apps.get_model("approvals", name).objects for name in ("Decision", "Delivery"))
        decision = decisions.create(request=approved, outcome="approved", decided_at=now, settles=True)
        deliveries.create(request=approved, decision=decision, queued_at=now, due_at=now)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT announcement_id, check_at IS NOT NULL FROM approvals_approvalrequest "
            "WHERE id = ANY(%s) ORDER BY id",
            [[pending.pk, approved.pk]],
        )
        assert cursor.fetchall() == [("sign_1pending", True), ("sign_1approved", False)]
        cursor.execute("SELECT claimed_at FROM approvals_delivery WHERE request_id = %s", [approved.pk])
        assert cursor.fetchone() == (now,)


@pytest.mark.django_db(transaction=True)
def test_what_was_there_before_the_queues_is_in_them_and_is_found() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE_QUEUES)
    try:
        requests_from_before(executor.loader.project_state(BEFORE_QUEUES).apps, timezone.now())
    finally:
        MigrationExecutor(connection).migrate(latest)
    both, legal = User.objects.get(username="both"), User.objects.get(username="legal-only")
    assert titles(both) == ["Sign the lease", "Pay the hotel"]
    assert titles(both, sort="risk") == ["Pay the hotel", "Sign the lease"]
    assert titles(legal) == ["Sign the lease"]
    assert titles(both, queue="decided") == ["Refund the crane", "Buy a kettle"]
    assert titles(legal, queue="decided") == ["Buy a kettle"]
    assert titles(both, queue="all", q="INV-2291") == ["Pay the hotel"]
    assert titles(both, queue="all", q="wombat both") == ["Refund the crane"]
    assert titles(legal, queue="all", q="wombat") == []
    assert set(KnownTool.objects.values_list("group__name", "tool")) == {
        ("finance", "pay"),
        ("finance", "refund"),
        ("legal", "sign"),
        ("finance", "buy"),
        ("legal", "buy"),
    }


def requests_from_before(apps: Any, now: datetime) -> None:
    """Make two that wait and two that are settled, of two groups, as the tables were before the fourth migration."""
    groups = {name: Group.objects.create(name=name) for name in ("finance", "legal")}
    User.objects.create(username="both").groups.set(groups.values())
    User.objects.create(username="legal-only").groups.add(groups["legal"])
    service = apps.get_model("approvals", "AgentService").objects.create(name="old", token_hash="x")

    def made(title: str, tool: str, *names: str, **columns: Any) -> Any:
        values = {"kind": "approval", "risk": "low", "agent": "old_agent", "arguments": {}, **columns}
        request = apps.get_model("approvals", "ApprovalRequest").objects.create(
            title=title, tool=tool, awakeable_id=f"sign_1{tool}", announced_by=service, **values
        )
        request.groups.set([groups[name].pk for name in names])
        return request

    def decided(request: Any, ago: timedelta, **columns: Any) -> None:
        request.status, request.settled_at = columns["outcome"], now - ago
        request.save()
        reviewer = User.objects.get(username="both").pk
        apps.get_model("approvals", "Decision").objects.create(
            request=request, reviewer_id=reviewer, decided_at=now - ago, settles=True, **columns
        )

    made("Pay the hotel", "pay", "finance", risk="high", arguments={"invoice": "INV-2291"})
    made("Sign the lease", "sign", "legal", deadline_at=now + timedelta(hours=1))
    decided(made("Buy a kettle", "buy", "finance", "legal"), timedelta(days=2), outcome="approved")
    decided(
        made("Refund the crane", "refund", "finance"), timedelta(days=1), outcome="rejected", note="a wombat did it"
    )


def titles(user: User, **parameters: str) -> list[str]:
    """Return what a list shows."""
    page = queue_page(user, QueueQuery.read(parameters), now=timezone.now())
    return [row.title for row in page.requests]
