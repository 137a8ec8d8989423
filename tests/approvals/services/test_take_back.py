"""A second thought: taken back before the courier has it, and not afterwards."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from pydantic import JsonValue

from approvals.errors import NothingToTakeBack, OnItsWay
from approvals.models import AgentService, ApprovalRequest, Decision, Delivery
from approvals.rules.queue_query import QueueQuery
from approvals.selectors.decisions import decisions_of, proposal_for
from approvals.selectors.inbox import queue_page
from approvals.services.decide import answer_request, approve_request, reject_request
from approvals.services.expire import expire_next_request
from approvals.services.parcel import Parcel
from approvals.services.take_back import take_back_decision
from approvals.services.travelling import claim_due_deliveries
from tests.announcing import announce, question

WINDOW = timedelta(seconds=5)


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def approve(request: ApprovalRequest, user: User, *, amount: int | None = None, note: str = "") -> Decision:
    edits: dict[str, JsonValue] = {"claim.amount": amount} if amount else {}
    return approve_request(
        request_id=request.pk, reviewer=user, seen=request.digest, edits=edits, note=note, undo_window=WINDOW
    )


def take_back(request: ApprovalRequest, user: User) -> Decision:
    return take_back_decision(request_id=request.pk, reviewer=user)


def claim() -> list[Parcel]:
    return claim_due_deliveries(now=timezone.now() + WINDOW, at_most=10)


def listed(user: User) -> list[ApprovalRequest]:
    return list(queue_page(user, QueueQuery(), now=timezone.now()).requests)


def status_of(request: ApprovalRequest) -> str:
    request.refresh_from_db()
    return request.status


def test_the_courier_leaves_a_decision_for_as_long_as_the_window(request_: ApprovalRequest, reviewer: User) -> None:
    decision = approve(request_, reviewer)
    assert Delivery.objects.get().due_at == decision.decided_at + WINDOW
    assert claim_due_deliveries(now=decision.decided_at, at_most=1) == []


def test_an_expiry_goes_out_at_once(agent_service: AgentService, reviewer: User) -> None:
    announce(agent_service, deadline_seconds=1)
    now = timezone.now() + timedelta(hours=1)
    expire_next_request(now=now)
    assert Delivery.objects.get().due_at == now


def test_what_is_taken_back_counts_no_more_and_the_request_waits_again(
    request_: ApprovalRequest, reviewer: User
) -> None:
    decision = approve(request_, reviewer, note="too quick")
    take_back(request_, reviewer)
    decision.refresh_from_db()
    assert (status_of(request_), request_.settled_at) == ("pending", None)
    assert request_.check_at is not None
    assert (decision.settles, decision.taken_back_at is not None) == (False, True)
    assert not Delivery.objects.exists()
    event = request_.events.get(code="decision.taken_back")
    assert (event.actor, event.status_from, event.status_to) == ("user:reviewer", "approved", "pending")
    assert event.data == {"decision": str(decision.pk), "outcome": "approved"}
    assert listed(reviewer) == [request_]


def test_rejections_and_answers_can_be_taken_back_too(agent_service: AgentService, reviewer: User) -> None:
    rejected, answered = announce(agent_service), announce(agent_service, question())
    reject_request(request_id=rejected.pk, reviewer=reviewer, seen=rejected.digest, note="no")
    answer_request(request_id=answered.pk, reviewer=reviewer, seen=answered.digest, answer="Hanil")
    for request in (rejected, answered):
        take_back(request, reviewer)
        assert status_of(request) == "pending"


def test_after_second_thoughts_another_decision_is_as_good_as_a_first(
    request_: ApprovalRequest, reviewer: User
) -> None:
    approve(request_, reviewer)
    take_back(request_, reviewer)
    rejection = reject_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, note="on reflection")
    assert status_of(request_) == "rejected"
    assert [parcel.decision_id for parcel in claim()] == [rejection.pk]


def test_what_the_courier_has_taken_up_stays(request_: ApprovalRequest, reviewer: User) -> None:
    approve(request_, reviewer)
    assert len(claim()) == 1
    with pytest.raises(OnItsWay):
        take_back(request_, reviewer)
    assert (status_of(request_), Delivery.objects.count()) == ("approved", 1)


def test_it_is_the_couriers_hand_that_decides_and_no_clock(request_: ApprovalRequest, reviewer: User) -> None:
    approve(request_, reviewer)
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=1))
    take_back(request_, reviewer)
    assert status_of(request_) == "pending"


def test_taking_back_twice_takes_back_once(request_: ApprovalRequest, reviewer: User) -> None:
    approve(request_, reviewer)
    take_back(request_, reviewer)
    with pytest.raises(NothingToTakeBack):
        take_back(request_, reviewer)
    assert request_.events.filter(code="decision.taken_back").count() == 1


def test_nobody_takes_back_what_somebody_else_or_a_deadline_decided(
    agent_service: AgentService, request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    approve(request_, reviewer)
    expired = announce(agent_service, deadline_seconds=1)
    expire_next_request(now=timezone.now() + timedelta(hours=1))
    for request in (request_, expired):
        with pytest.raises(NothingToTakeBack):
            take_back(request, second_reviewer)
    assert (status_of(request_), status_of(expired)) == ("approved", "expired")


def test_a_request_whose_deadline_has_passed_meanwhile_expires_as_any_other(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, deadline_seconds=1)
    approve(request, reviewer)
    take_back(request, reviewer)
    assert expire_next_request(now=timezone.now() + timedelta(seconds=2)) == request
    assert status_of(request) == "expired"


def test_what_a_restarted_run_took_along_can_not_be_taken_back(request_: ApprovalRequest, reviewer: User) -> None:
    decision = approve(request_, reviewer)
    Decision.objects.filter(pk=decision.pk).update(kept_from=decision)
    with pytest.raises(OnItsWay):
        take_back(request_, reviewer)


class TestQuorum:
    @pytest.fixture
    def for_two(self, agent_service: AgentService, reviewer: User, second_reviewer: User) -> ApprovalRequest:
        return announce(agent_service, quorum=2)

    def test_an_approval_that_waits_for_another_can_be_taken_back_at_any_time(
        self, for_two: ApprovalRequest, reviewer: User, second_reviewer: User
    ) -> None:
        approve(for_two, reviewer)
        take_back(for_two, reviewer)
        assert for_two.events.get(code="decision.taken_back").status_to == ""
        assert listed(reviewer) == [for_two]
        approve(for_two, second_reviewer)
        assert status_of(for_two) == "pending"
        (row,) = listed(reviewer)
        assert row.approved == 1  # type: ignore[attr-defined]

    def test_taking_back_the_settling_one_leaves_the_others_standing(
        self, for_two: ApprovalRequest, reviewer: User, second_reviewer: User
    ) -> None:
        approve(for_two, reviewer)
        approve(for_two, second_reviewer)
        with pytest.raises(NothingToTakeBack):
            take_back(for_two, reviewer)
        take_back(for_two, second_reviewer)
        assert status_of(for_two) == "pending"
        assert [decision.reviewer for decision in decisions_of(for_two)] == [reviewer]

    def test_an_edit_that_is_taken_back_is_no_longer_proposed(
        self, for_two: ApprovalRequest, reviewer: User, second_reviewer: User
    ) -> None:
        approve(for_two, reviewer)
        approve(for_two, second_reviewer, amount=900)
        with pytest.raises(NothingToTakeBack):
            take_back(for_two, reviewer)
        take_back(for_two, second_reviewer)
        assert proposal_for(for_two, decisions_of(for_two)).digest == for_two.digest
        assert approve(for_two, second_reviewer).settles


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_a_claim_passes_by_while_the_decision_is_taken_back(
        self, request_: ApprovalRequest, reviewer: User
    ) -> None:
        approve(request_, reviewer)
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            take_back(request_, reviewer)
            assert pool.submit(in_thread(claim)).result() == []
        assert status_of(request_) == "pending"
        assert claim() == []

    def test_taking_back_waits_for_a_claim_and_then_sees_it(self, request_: ApprovalRequest, reviewer: User) -> None:
        approve(request_, reviewer)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                assert len(claim()) == 1
                taking_back = pool.submit(in_thread(lambda: take_back(request_, reviewer)))
                wait_for_a_lock()
            with pytest.raises(OnItsWay):
                taking_back.result()
        assert status_of(request_) == "approved"

    def test_whoever_is_first_exactly_one_of_them_wins(self, agent_service: AgentService, reviewer: User) -> None:
        requests = [announce(agent_service) for _ in range(12)]
        with ThreadPoolExecutor(2) as pool:
            for request in requests:
                approve(request, reviewer)
                start = threading.Barrier(2)
                claimed = pool.submit(in_thread(claim, start))
                taken_back = pool.submit(in_thread(lambda request=request: take_back(request, reviewer), start))  # type: ignore[misc]
                won = taken_back.exception() is None
                assert len(claimed.result()) == (0 if won else 1)
                assert status_of(request) == ("pending" if won else "approved")


def in_thread[T](work: Callable[[], T], start: threading.Barrier | None = None) -> Callable[[], T]:
    """Return ``work`` for another thread, which gives its connection back."""

    def run() -> T:
        try:
            if start:
                start.wait()
            return work()
        finally:
            connection.close()

    return run


def wait_for_a_lock() -> None:
    """Wait until somebody waits for a row that is locked."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone() != (0,):
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    raise AssertionError("nobody waits")
