"""The courier against a real engine: what it sends, and how it finds out what became of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.utils import timezone

from approvals.courier.carrying import Carrier
from approvals.courier.loop import Courier
from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.services.agents import register_agent_service
from approvals.services.decide import approve_request, reject_request
from restate_bridge.admin import Admin
from restate_bridge.contract import key_id, load_signing_key, token_in_reject_text, verify_decision
from restate_bridge.ingress import Ingress
from restate_bridge.introspection import find_run, read_journal
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.house.house import eventually

pytestmark = pytest.mark.django_db(transaction=True)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def reviewer(db: None) -> User:
    user = User.objects.create_user("reviewer")
    user.groups.add(Group.objects.create(name="finance"))
    return user


@pytest.fixture
def agent_service(db: None) -> AgentService:
    return register_agent_service(name="samples", token="t" * 40)


@pytest.fixture
def waiting(engine: Engine, agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    """A request whose run really waits."""
    return announce(agent_service, invocation_id=engine.start_waiting())


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def signing_key() -> Ed25519PrivateKey:
    assert settings.SIGNING_KEY_FILE is not None
    return load_signing_key(settings.SIGNING_KEY_FILE.read_bytes())


def carrier(ingress: Ingress, admin: Admin) -> Carrier:
    key = signing_key()
    return Carrier(ingress, admin, key, check_after=timedelta(0))


def work(engine: Engine, pool: ThreadPoolExecutor) -> None:
    # Deliveries are due again at once, so each round goes one step further and ends.
    Courier(carrier(engine.ingress, engine.admin)).work_round(pool)


def approve(request: ApprovalRequest, reviewer: User) -> Delivery:
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    return Delivery.objects.get(request=request)


def test_an_approval_resolves_the_awakeable_with_a_token_that_the_agent_can_check(
    engine: Engine, waiting: ApprovalRequest, reviewer: User, pool: ThreadPoolExecutor
) -> None:
    delivery = approve(waiting, reviewer)
    work(engine, pool)
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    eventually(lambda: engine.status(waiting.invocation_id) == "completed")
    token = came(engine, waiting.invocation_id)
    key = signing_key()
    claims = verify_decision(
        token,
        announcement_id=waiting.awakeable_id,
        digest=waiting.digest,
        keys={key_id(key.public_key()): key.public_key()},
    )
    assert (claims.outcome, claims.decided_by, claims.arguments) == ("approved", "reviewer", waiting.arguments)


def test_a_rejection_rejects_the_awakeable_with_a_line_for_people_and_the_token(
    engine: Engine, waiting: ApprovalRequest, reviewer: User, pool: ThreadPoolExecutor
) -> None:
    reject_request(request_id=waiting.pk, reviewer=reviewer, seen=waiting.digest, note="no\nreceipt")
    work(engine, pool)
    eventually(lambda: engine.status(waiting.invocation_id) == "completed")
    run = find_run(engine.admin, waiting.invocation_id)
    assert run is not None
    assert "Rejected by reviewer: no receipt\n" in run.failure
    assert token_in_reject_text(run.failure).count(".") == 2


def test_a_decision_for_a_killed_run_is_found_to_be_undeliverable(
    engine: Engine, waiting: ApprovalRequest, reviewer: User, pool: ThreadPoolExecutor
) -> None:
    engine.do(waiting.invocation_id, "kill")
    eventually(lambda: engine.status(waiting.invocation_id) == "completed")
    delivery = approve(waiting, reviewer)
    work(engine, pool)
    work(engine, pool)
    delivery.refresh_from_db()
    assert delivery.state == "undeliverable"
    assert "ended" in delivery.last_error


def test_a_decision_for_a_run_that_the_engine_does_not_know_is_undeliverable(
    engine: Engine, agent_service: AgentService, reviewer: User, pool: ThreadPoolExecutor
) -> None:
    delivery = approve(announce(agent_service), reviewer)
    work(engine, pool)
    work(engine, pool)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("undeliverable", "Restate no longer knows the run")


def test_a_decision_for_a_paused_run_is_kept(
    engine: Engine, waiting: ApprovalRequest, reviewer: User, pool: ThreadPoolExecutor
) -> None:
    engine.do(waiting.invocation_id, "pause")
    eventually(lambda: engine.status(waiting.invocation_id) == "paused")
    delivery = approve(waiting, reviewer)
    work(engine, pool)
    # Restate's 202 comes before the signal stands in the journal.
    eventually(lambda: kept(engine, delivery, pool))
    engine.do(waiting.invocation_id, "resume")


def kept(engine: Engine, delivery: Delivery, pool: ThreadPoolExecutor) -> bool:
    work(engine, pool)
    delivery.refresh_from_db()
    return delivery.state == "kept"


def test_an_engine_that_is_away_costs_time_and_nothing_else(
    engine: Engine, waiting: ApprovalRequest, reviewer: User, pool: ThreadPoolExecutor
) -> None:
    delivery = approve(waiting, reviewer)
    Courier(carrier(Ingress(NOWHERE), Admin(NOWHERE))).work_round(pool)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert "can't be reached" in delivery.last_error
    Delivery.objects.update(due_at=timezone.now())
    work(engine, pool)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("sent", "")


@pytest.mark.parametrize("address", ["/nowhere", "/restate/nowhere"])
def test_an_engine_that_refuses_because_of_a_wrong_address_loses_no_decision(
    engine: Engine, waiting: ApprovalRequest, reviewer: User, pool: ThreadPoolExecutor, address: str
) -> None:
    delivery = approve(waiting, reviewer)
    Courier(carrier(Ingress(engine.server.ingress_url + address), engine.admin)).work_round(pool)
    delivery.refresh_from_db()
    assert delivery.state == "queued"
    assert delivery.due_at is not None
    Delivery.objects.update(due_at=timezone.now())
    work(engine, pool)
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_two_couriers_at_once_send_each_decision_once(
    engine: Engine, agent_service: AgentService, reviewer: User, pool: ThreadPoolExecutor
) -> None:
    requests = [announce(agent_service, invocation_id=engine.start_waiting()) for _ in range(6)]
    for request in requests:
        approve(request, reviewer)
    couriers = [Courier(carrier(engine.ingress, engine.admin)) for _ in range(2)]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda courier: courier.work_round(pool), couriers))
    assert [delivery.attempts for delivery in Delivery.objects.all()] == [1] * 6


def came(engine: Engine, run: str) -> str:
    """Return what the run was woken with: a JSON string."""
    entry = next(entry for entry in read_journal(engine.admin, run) if entry.kind == "Notification: Signal")
    return bytes(entry.body["result"]["Success"]).decode().strip('"')
