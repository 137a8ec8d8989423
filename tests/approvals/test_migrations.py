"""Data that is there when the tables change."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

BEFORE = [("approvals", "0002_append_only_record_and_bells")]


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
