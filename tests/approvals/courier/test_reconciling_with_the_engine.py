"""The reconciler against a real engine: what became of the runs that people are asked about."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from approvals.courier.acting import act_on
from approvals.courier.comparing import Finding
from approvals.courier.reconciler import BATCH, Reconciler
from approvals.courier.sending import Sending
from approvals.models import AgentService, ApprovalRequest, AuditEvent, Delivery, EngineSight
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.announce import announce_request
from approvals.services.decide import approve_request
from restate_bridge.admin import Admin
from restate_bridge.contract import Acknowledgement
from restate_bridge.ids import awakeable_id
from tests.announcing import announce, announcement, invocation_id
from tests.approvals.courier.rounds import INTERVALS, NOWHERE, reconciler_of
from tests.engine.engine import Engine
from tests.house.house import eventually

pytestmark = pytest.mark.django_db(transaction=True)


class CountingAdmin(Admin):
    """The admin API, with its queries counted."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.queries = 0

    def query(self, sql: str) -> list[dict[str, Any]]:
        self.queries += 1
        return super().query(sql)


@pytest.fixture
def waiting(engine: Engine, agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    """A request whose run really waits."""
    return announce(agent_service, invocation_id=engine.start_waiting())


def found_out(request: ApprovalRequest) -> list[tuple[str, object]]:
    """What the courier put on record, and why."""
    return [(event.code, event.data.get("reason")) for event in request.events.filter(actor="courier")]


def end(engine: Engine, request: ApprovalRequest, how: str) -> None:
    match how:
        case "completed":
            engine.ingress.resolve_awakeable(request.awakeable_id, "somebody's own answer")
        case "failed":
            engine.ingress.reject_awakeable(request.awakeable_id, "no budget\nthe.token.itself")
        case _:
            engine.do(request.invocation_id, how)
    eventually(lambda: engine.status(request.invocation_id) == "completed")


class TestAPendingRequest:
    @pytest.mark.parametrize(
        ("how", "reason"),
        [
            ("kill", "the run was killed"),
            ("cancel", "the run was cancelled"),
            ("completed", "the run has ended"),
            ("failed", "the run has ended: [500] no budget"),
        ],
    )
    def test_is_withdrawn_when_its_run_has_ended_and_the_record_says_how(
        self, engine: Engine, reconciler: Reconciler, waiting: ApprovalRequest, how: str, reason: str
    ) -> None:
        end(engine, waiting, how)
        reconciler.work(timezone.now())
        waiting.refresh_from_db()
        assert waiting.status == "withdrawn"
        assert found_out(waiting) == [("request.withdrawn", reason)]

    def test_that_waits_costs_no_line_of_the_record_and_is_looked_at_later(
        self, engine: Engine, reconciler: Reconciler, waiting: ApprovalRequest
    ) -> None:
        lines, now = AuditEvent.objects.count(), timezone.now()
        assert not reconciler.work(now)
        waiting.refresh_from_db()
        assert (waiting.status, waiting.check_at) == ("pending", now + INTERVALS.reconcile_every)
        assert AuditEvent.objects.count() == lines
        due = reconciler.next_due(now)
        assert due is not None
        assert due > now

    def test_waits_on_while_its_run_is_paused(
        self, engine: Engine, reconciler: Reconciler, waiting: ApprovalRequest
    ) -> None:
        engine.do(waiting.invocation_id, "pause")
        eventually(lambda: engine.status(waiting.invocation_id) == "paused")
        reconciler.work(timezone.now())
        assert found_out(waiting) == []
        engine.do(waiting.invocation_id, "resume")

    def test_is_marked_when_its_run_was_purged_and_withdrawn_by_nobody(
        self, engine: Engine, reconciler: Reconciler, waiting: ApprovalRequest
    ) -> None:
        end(engine, waiting, "kill")
        engine.do(waiting.invocation_id, "purge")
        eventually(lambda: engine.status(waiting.invocation_id) == "")
        now = timezone.now()
        reconciler.work(now)
        reconciler.work(now + INTERVALS.reconcile_every)
        waiting.refresh_from_db()
        assert (waiting.status, waiting.missing_since) == ("pending", now)
        assert found_out(waiting) == [("request.missing", None)]

    def test_is_marked_no_longer_when_the_engine_knows_its_run_again(
        self, engine: Engine, reconciler: Reconciler, waiting: ApprovalRequest
    ) -> None:
        ApprovalRequest.objects.update(missing_since=timezone.now())
        reconciler.work(timezone.now())
        waiting.refresh_from_db()
        assert waiting.missing_since is None
        assert found_out(waiting) == [("request.found", None)]

    def test_of_a_restarted_run_is_linked_to_the_one_that_was_asked_before(
        self, engine: Engine, reconciler: Reconciler, waiting: ApprovalRequest, agent_service: AgentService
    ) -> None:
        end(engine, waiting, "kill")
        again = engine.restart(waiting.invocation_id, 0)
        asked_again = announce(agent_service, invocation_id=again)
        eventually(lambda: engine.status(again) == "suspended")
        reconciler.work(timezone.now())
        asked_again.refresh_from_db()
        assert asked_again.restarted_from_id == waiting.pk
        waiting.refresh_from_db()
        assert waiting.status == "withdrawn"

    def test_of_a_restarted_run_is_linked_though_it_was_decided_at_once(
        self,
        engine: Engine,
        reconciler: Reconciler,
        waiting: ApprovalRequest,
        agent_service: AgentService,
        reviewer: User,
    ) -> None:
        end(engine, waiting, "kill")
        asked_again = announce(agent_service, invocation_id=engine.restart(waiting.invocation_id, 0))
        approve_request(request_id=asked_again.pk, reviewer=reviewer, seen=asked_again.digest)
        reconciler.work(timezone.now())
        asked_again.refresh_from_db()
        assert (asked_again.restarted_from_id, asked_again.check_at) == (waiting.pk, None)

    def test_of_a_restarted_run_that_had_asked_nothing_is_left_alone(
        self, engine: Engine, reconciler: Reconciler, agent_service: AgentService, reviewer: User
    ) -> None:
        run = engine.start_waiting()
        engine.do(run, "kill")
        eventually(lambda: engine.status(run) == "completed")
        request = announce(agent_service, invocation_id=engine.restart(run, 0))
        reconciler.work(timezone.now())
        request.refresh_from_db()
        assert (request.status, request.restarted_from_id) == ("pending", None)


class TestADelivery:
    def test_that_was_received_has_failed_when_its_run_ends_without_a_report(
        self,
        engine: Engine,
        reconciler: Reconciler,
        waiting: ApprovalRequest,
        reviewer: User,
        agent_service: AgentService,
    ) -> None:
        delivery = received(waiting, reviewer, agent_service)
        now = timezone.now() + timedelta(minutes=1)
        reconciler.work(now)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.due_at) == ("received", now + timedelta(minutes=1))
        end(engine, waiting, "kill")
        reconciler.work(now + timedelta(minutes=1))
        delivery.refresh_from_db()
        assert delivery.state == "failed"
        assert "never reported: the run was killed" in delivery.result

    def test_that_something_else_overtook_is_looked_at_no_more(
        self,
        engine: Engine,
        sending: Sending,
        reconciler: Reconciler,
        waiting: ApprovalRequest,
        reviewer: User,
        agent_service: AgentService,
    ) -> None:
        approve_request(request_id=waiting.pk, reviewer=reviewer, seen=waiting.digest)
        sending.work(timezone.now())
        again = announcement(invocation_id=waiting.invocation_id, supersedes=waiting.awakeable_id)
        second = awakeable_id(waiting.invocation_id, 18)
        announce_request(agent_service=agent_service, awakeable_id=second, announcement=again)
        reconciler.work(timezone.now())
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.due_at) == ("undeliverable", None)
        assert "asked again" in delivery.last_error


def received(request: ApprovalRequest, reviewer: User, agent_service: AgentService) -> Delivery:
    decision = approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    acknowledge_decision(
        agent_service=agent_service,
        awakeable_id=request.awakeable_id,
        acknowledgement=Acknowledgement(decision_id=str(decision.pk)),
    )
    return Delivery.objects.get(request=request)


class TestABatch:
    def test_of_hundreds_costs_the_engine_two_queries(
        self, engine: Engine, agent_service: AgentService, reviewer: User
    ) -> None:
        many(agent_service, reviewer, BATCH)
        now = timezone.now()
        Delivery.objects.update(state="sent", sent_at=now, due_at=now)
        admin = CountingAdmin(engine.server.admin_url)
        reconciler = reconciler_of(engine.server.ingress_url, admin)
        assert reconciler.work(now)
        # One more asks whether the engine is there.
        assert admin.queries <= 3
        assert ApprovalRequest.objects.filter(missing_since=now).count() == BATCH + 5
        reconciler.work(now + timedelta(seconds=1))
        assert admin.queries <= 3

    def test_is_shared_by_two_couriers_and_each_thing_is_done_once(
        self, engine: Engine, agent_service: AgentService, reviewer: User
    ) -> None:
        runs = [engine.start_waiting() for _ in range(6)]
        for run in runs:
            announce(agent_service, invocation_id=run)
            engine.do(run, "kill")
        for run in runs:
            eventually(lambda run=run: engine.status(run) == "completed")  # type: ignore[misc]
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda _: reconcile(engine), range(2)))
        assert AuditEvent.objects.filter(code="request.withdrawn").count() == 6


def many(agent_service: AgentService, reviewer: User, number: int) -> None:
    for _ in range(number):
        announce(agent_service, invocation_id=invocation_id())
    for _ in range(5):
        request = announce(agent_service)
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)


def reconcile(engine: Engine) -> None:
    reconciler_of(engine.server.ingress_url, engine.admin).work(timezone.now())
    connection.close()


class TestWhileTheEngineIsAway:
    def test_nothing_is_judged_and_everything_is_looked_at_soon_after(
        self, engine: Engine, waiting: ApprovalRequest
    ) -> None:
        now = timezone.now()
        away = reconciler_of(NOWHERE, Admin(NOWHERE))
        assert not away.work(now)
        waiting.refresh_from_db()
        assert (waiting.status, waiting.missing_since) == ("pending", None)
        assert waiting.check_at is not None
        assert waiting.check_at <= now
        sight = EngineSight.objects.get()
        assert (sight.looked_at, sight.away_since) == (now, now)
        assert away.next_due(now) == now + timedelta(seconds=2)

    def test_a_query_that_fails_puts_the_batch_back(self, engine: Engine, waiting: ApprovalRequest) -> None:
        admin = BreakingAdmin(engine.server.admin_url)
        reconciler = reconciler_of(engine.server.ingress_url, admin)
        now = timezone.now()
        for pause in (2, 4, 8, 16, 32, 60, 60):
            reconciler.work(now)
            waiting.refresh_from_db()
            assert (waiting.check_at, waiting.missing_since) == (now + timedelta(seconds=pause), None)
            now += timedelta(seconds=pause)
        admin.is_broken = False
        reconciler.work(now)
        waiting.refresh_from_db()
        assert waiting.check_at == now + INTERVALS.reconcile_every
        assert EngineSight.objects.get().away_since is None

    def test_the_decision_goes_out_as_soon_as_it_is_back(
        self, engine: Engine, reconciler: Reconciler, sending: Sending, waiting: ApprovalRequest, reviewer: User
    ) -> None:
        approve_request(request_id=waiting.pk, reviewer=reviewer, seen=waiting.digest)
        later = timezone.now() + timedelta(minutes=1)
        Delivery.objects.update(attempts=9, last_error="Restate can't be reached", due_at=later)
        EngineSight.objects.create(pk=1, looked_at=timezone.now(), away_since=timezone.now())
        assert not sending.work(timezone.now())
        reconciler.work(timezone.now())
        assert sending.work(timezone.now())
        assert Delivery.objects.get().state == "sent"


class BreakingAdmin(Admin):
    """An admin API that is healthy and can't be asked about runs, as one that answers too slowly."""

    is_broken = True

    def query(self, sql: str) -> list[dict[str, Any]]:
        if self.is_broken and "sys_invocation" in sql:
            return Admin(NOWHERE).query(sql)
        return super().query(sql)


def test_a_row_that_can_not_be_reconciled_holds_up_no_other(
    engine: Engine, reconciler: Reconciler, agent_service: AgentService, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = [announce(agent_service) for _ in range(2)]

    def fail_once(finding: Finding, now: datetime) -> None:
        if finding.request_id == first.pk:
            raise RuntimeError("a row in a state that nobody foresaw")
        act_on(finding, now)

    monkeypatch.setattr("approvals.courier.reconciler.act_on", fail_once)
    reconciler.work(timezone.now())
    second.refresh_from_db()
    assert second.missing_since is not None
