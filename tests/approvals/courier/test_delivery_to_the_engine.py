"""The courier against a real engine: what it sends, and how it finds out what became of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.utils import timezone

from approvals.courier.reconciler import Reconciler
from approvals.courier.sending import Sending
from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.services.decide import approve_request, reject_request
from restate_bridge.contract import key_id, token_in_reject_text, verify_decision
from restate_bridge.ingress import Ingress
from restate_bridge.introspection import find_run, read_journal
from tests.announcing import announce
from tests.approvals.courier.rounds import INTERVALS, NOWHERE, sending_by, signing_key
from tests.engine.engine import Engine
from tests.house.house import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(engine: Engine, agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    """A request whose run really waits."""
    return announce(agent_service, invocation_id=engine.start_waiting())


def approve(request: ApprovalRequest, reviewer: User) -> Delivery:
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    return Delivery.objects.get(request=request)


def test_an_approval_resolves_the_awakeable_with_a_token_that_the_agent_can_check(
    engine: Engine, sending: Sending, waiting: ApprovalRequest, reviewer: User
) -> None:
    delivery = approve(waiting, reviewer)
    sending.work(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    eventually(lambda: engine.status(waiting.invocation_id) == "completed")
    token = came(engine, waiting.invocation_id)
    key = signing_key().current()
    claims = verify_decision(
        token,
        announcement_id=waiting.awakeable_id,
        digest=waiting.digest,
        keys={key_id(key.public_key()): key.public_key()},
    )
    assert (claims.outcome, claims.decided_by, claims.arguments) == ("approved", "reviewer", waiting.arguments)


def test_several_go_out_together_and_what_cannot_be_noted_together_is_noted_one_by_one(
    engine: Engine,
    sending: Sending,
    agent_service: AgentService,
    reviewer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requests = [announce(agent_service, invocation_id=engine.start_waiting()) for _ in range(6)]

    def fail(**_: object) -> None:
        raise OperationalError("deadlock detected")

    for way, some in (("note_sent", requests[:3]), ("note_sent_together", requests[3:])):
        for request in some:
            approve(request, reviewer)
        # Only the other way is left.
        with monkeypatch.context() as broken:
            broken.setattr(f"approvals.courier.sending.{way}", fail)
            assert sending.work(timezone.now())
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
    for request in requests:
        eventually(partial(has_ended, engine, request))


def has_ended(engine: Engine, request: ApprovalRequest) -> bool:
    return engine.status(request.invocation_id) == "completed"


def test_a_rejection_rejects_the_awakeable_with_a_line_for_people_and_the_token(
    engine: Engine, sending: Sending, waiting: ApprovalRequest, reviewer: User
) -> None:
    reject_request(request_id=waiting.pk, reviewer=reviewer, seen=waiting.digest, note="no\nreceipt")
    sending.work(timezone.now())
    eventually(lambda: engine.status(waiting.invocation_id) == "completed")
    run = find_run(engine.admin, waiting.invocation_id)
    assert run is not None
    assert "Rejected by reviewer: no receipt\n" in run.failure
    assert token_in_reject_text(run.failure).count(".") == 2


def test_a_decision_for_a_killed_run_is_found_to_be_undeliverable(
    engine: Engine, sending: Sending, reconciler: Reconciler, waiting: ApprovalRequest, reviewer: User
) -> None:
    delivery = approve(waiting, reviewer)
    engine.do(waiting.invocation_id, "kill")
    eventually(lambda: engine.status(waiting.invocation_id) == "completed")
    sending.work(timezone.now())
    reconciler.work(timezone.now())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("undeliverable", "the run was killed")


def test_a_decision_for_a_run_that_the_engine_does_not_know_is_undeliverable_after_a_while(
    engine: Engine, sending: Sending, reconciler: Reconciler, agent_service: AgentService, reviewer: User
) -> None:
    delivery = approve(announce(agent_service), reviewer)
    sending.work(timezone.now())
    now = timezone.now()
    assert seen_at(now, reconciler, delivery) == ("sent", "")
    delivery.request.refresh_from_db()
    assert delivery.request.missing_since == now
    assert seen_at(now + INTERVALS.missing_grace / 2, reconciler, delivery) == ("sent", "")
    gone = ("undeliverable", "Restate no longer knows the run")
    assert seen_at(now + INTERVALS.missing_grace, reconciler, delivery) == gone


def test_a_decision_for_a_paused_run_is_kept_until_it_is_resumed(
    engine: Engine, sending: Sending, reconciler: Reconciler, agent_service: AgentService, reviewer: User
) -> None:
    # It goes on after the decision, as agents do, and has not acknowledged yet.
    waiting = announce(agent_service, invocation_id=engine.start_waiting("wait_twice"))
    engine.do(waiting.invocation_id, "pause")
    eventually(lambda: engine.status(waiting.invocation_id) == "paused")
    delivery = approve(waiting, reviewer)
    sending.work(timezone.now())
    # Restate's 202 comes before the signal stands in the journal; what is not seen there is sent again.
    eventually(lambda: looked_after(sending, reconciler, delivery) == "kept")
    engine.do(waiting.invocation_id, "resume")
    eventually(lambda: looked_after(sending, reconciler, delivery) == "sent")


def test_a_decision_that_never_got_there_is_sent_again(
    engine: Engine, sending: Sending, reconciler: Reconciler, waiting: ApprovalRequest, reviewer: User
) -> None:
    delivery = approve(waiting, reviewer)
    # What a courier noted whose 202 came from an engine that lost it.
    long_ago = timezone.now() - timedelta(minutes=5)
    Delivery.objects.update(state="sent", sent_at=long_ago, due_at=long_ago)
    assert seen_at(timezone.now(), reconciler, delivery) == ("queued", "")
    sending.work(timezone.now())
    eventually(lambda: engine.status(waiting.invocation_id) == "completed")


def seen_at(now: datetime, reconciler: Reconciler, delivery: Delivery) -> tuple[str, str]:
    reconciler.work(now)
    delivery.refresh_from_db()
    return delivery.state, delivery.last_error


def looked_after(sending: Sending, reconciler: Reconciler, delivery: Delivery) -> str:
    Delivery.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    sending.work(timezone.now())
    reconciler.work(timezone.now())
    delivery.refresh_from_db()
    return delivery.state


def test_an_engine_that_is_away_costs_time_and_nothing_else(
    engine: Engine, sending: Sending, waiting: ApprovalRequest, reviewer: User
) -> None:
    delivery = approve(waiting, reviewer)
    sending_by(Ingress(NOWHERE)).work(timezone.now())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert "can't be reached" in delivery.last_error
    Delivery.objects.update(due_at=timezone.now())
    sending.work(timezone.now())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("sent", "")


@pytest.mark.parametrize("address", ["/nowhere", "/restate/nowhere"])
def test_an_engine_that_refuses_because_of_a_wrong_address_loses_no_decision(
    engine: Engine, sending: Sending, waiting: ApprovalRequest, reviewer: User, address: str
) -> None:
    delivery = approve(waiting, reviewer)
    sending_by(Ingress(engine.server.ingress_url + address)).work(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "queued"
    assert delivery.due_at is not None
    Delivery.objects.update(due_at=timezone.now())
    sending.work(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_two_couriers_at_once_send_each_decision_once(
    engine: Engine, agent_service: AgentService, reviewer: User
) -> None:
    requests = [announce(agent_service, invocation_id=engine.start_waiting()) for _ in range(6)]
    for request in requests:
        approve(request, reviewer)
    couriers = [sending_by(engine.ingress) for _ in range(2)]
    with ThreadPoolExecutor(2) as both:
        list(both.map(send, couriers))
    assert [delivery.attempts for delivery in Delivery.objects.all()] == [1] * 6


def send(sending: Sending) -> None:
    sending.work(timezone.now())
    connection.close()


def came(engine: Engine, run: str) -> str:
    """Return what the run was woken with: a JSON string."""
    entry = next(entry for entry in read_journal(engine.admin, run) if entry.kind == "Notification: Signal")
    return bytes(entry.body["result"]["Success"]).decode().strip('"')
