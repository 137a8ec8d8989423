"""Pages of requests that are decided, and deliveries that are noted together, at the same time as anything else."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from approvals.models import ApprovalRequest, Decision, Delivery
from approvals.services.decide import approve_request, reject_request
from approvals.services.decide_many import Shown, Verdict, decide_plain
from approvals.services.expire import expire_next_request
from approvals.services.travelling import note_sent, note_sent_together
from restate_bridge.contract import Outcome
from tests.approvals.protocol.racing import held, outcome_of, together
from tests.approvals.protocol.watching import REFUSALS, check_all
from tests.approvals.protocol.world import DAY, Asked, World

pytestmark = pytest.mark.django_db(transaction=True)

SOON = timedelta(seconds=5)
ATTEMPTS = pytest.mark.parametrize("attempt", range(6))


@pytest.fixture
def asked(world: World) -> list[Asked]:
    """A page of the list."""
    return [world.announce() for _ in range(10)]


def decide(world: World, person: str, page: Sequence[Asked], outcome: Verdict) -> list[int]:
    """Somebody decides a page, what is not plain one by one; return what they have decided."""
    digests = dict(ApprovalRequest.objects.filter(pk__in=[one.pk for one in page]).values_list("pk", "digest"))
    shown = {one.pk: Shown(digests[one.pk], None) for one in page}
    said: dict[str, Any] = {"reviewer": world.people[person], "note": "seen", "undo_window": timedelta()}
    decided = decide_plain(shown=shown, outcome=outcome, **said)
    alone = approve_request if outcome is Outcome.APPROVED else reject_request
    for pk in shown.keys() - decided:
        went = outcome_of(partial(alone, request_id=pk, seen=digests[pk], **said))
        assert isinstance(went, (Decision, *REFUSALS)), went
        decided |= {pk} if isinstance(went, Decision) else set()
    return [*decided]


def settled_by(decision: Outcome) -> set[int]:
    return {*Decision.objects.filter(settles=True, outcome=decision).values_list("request_id", flat=True)}


def deliveries_of(asked: Sequence[Asked]) -> list[Delivery]:
    by_request = {delivery.request_id: delivery for delivery in Delivery.objects.all()}
    return [by_request[one.pk] for one in asked]


def no_fault_in(outcomes: Sequence[Any]) -> None:
    assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, REFUSALS)] == []


@ATTEMPTS
def test_who_decides_a_page_at_the_same_time_as_others_decides_each_request_or_learns_who_was_first(
    world: World, asked: list[Asked], attempt: int
) -> None:
    yes, no, again = together(
        partial(decide, world, "reviewer", asked, Outcome.APPROVED),
        partial(decide, world, "second-reviewer", asked[::-1], Outcome.REJECTED),
        partial(decide, world, "second-reviewer", asked[5:] + asked[:5], Outcome.REJECTED),
    )
    assert sorted(yes + no + again) == [one.pk for one in asked]
    assert (settled_by(Outcome.APPROVED), settled_by(Outcome.REJECTED)) == ({*yes}, {*no, *again})
    check_all(world)


@ATTEMPTS
def test_deadlines_and_runs_that_end_while_a_page_is_decided_take_what_is_left(
    world: World, asked: list[Asked], attempt: int
) -> None:
    def expire() -> list[ApprovalRequest]:
        return list(iter(partial(expire_next_request, now=timezone.now() + 3 * DAY), None))

    def end() -> None:
        for one in asked[3:6]:
            no_fault_in([outcome_of(partial(world.withdraw, one))])

    decided, expired, ended = together(partial(decide, world, "reviewer", asked, Outcome.APPROVED), expire, end)
    assert ended is None
    withdrawn = {*ApprovalRequest.objects.filter(status="withdrawn").values_list("pk", flat=True)}
    assert settled_by(Outcome.APPROVED) == {*decided}
    assert settled_by(Outcome.EXPIRED) == {request.pk for request in expired}
    everyone = [*decided, *[request.pk for request in expired], *withdrawn]
    waiting = {*ApprovalRequest.objects.filter(status="pending").values_list("pk", flat=True)}
    assert sorted([*everyone, *waiting]) == [one.pk for one in asked]
    check_all(world)


@ATTEMPTS
def test_runs_that_are_restarted_while_a_page_is_decided_ask_anew_whatever_came_of_the_request_before(
    world: World, asked: list[Asked], attempt: int
) -> None:
    restarted = asked[2::3]
    decided, *again = together(
        partial(decide, world, "reviewer", asked, Outcome.APPROVED),
        *[partial(world.restart_behind_the_announcement, one, frozenset(), answered=False) for one in restarted],
    )
    no_fault_in([decided, *again])
    assert {*decided} >= {one.pk for one in asked if one not in restarted}
    for before, after in zip(restarted, again, strict=True):
        was, now = (ApprovalRequest.objects.get(pk=one.pk) for one in (before, after))
        assert was.status == ("approved" if was.pk in decided else "withdrawn")
        assert (now.status, now.restarted_from) == ("pending", was)
    check_all(world)


def test_what_somebody_is_busy_with_is_passed_over_and_all_the_others_are_decided(
    world: World, asked: list[Asked]
) -> None:
    busy, *others = asked
    shown = {one.pk: Shown(ApprovalRequest.objects.get(pk=one.pk).digest, None) for one in asked}
    said: dict[str, Any] = {"reviewer": world.people["reviewer"], "note": "", "undo_window": timedelta()}
    with held(partial(world.withdraw, busy)):
        decided = decide_plain(shown=shown, outcome=Outcome.APPROVED, **said)
        assert decided == {one.pk for one in others}
    check_all(world)


class TestDeliveries:
    @pytest.fixture(autouse=True)
    def decided(self, world: World, asked: list[Asked]) -> None:
        decide(world, "reviewer", asked, Outcome.APPROVED)

    def test_one_that_somebody_is_busy_with_is_the_only_one_that_is_not_noted(
        self, world: World, asked: list[Asked]
    ) -> None:
        busy, *others = deliveries_of(asked)
        acknowledge = partial(world.acknowledge, asked[0], str(busy.decision_id))
        sent = {delivery.pk: timezone.now() for delivery in (busy, *others)}
        with held(acknowledge):
            assert note_sent_together(sent=sent, check_after=SOON) == {delivery.pk for delivery in others}
        note_sent(delivery_id=busy.pk, at=sent[busy.pk], check_after=SOON)
        busy.refresh_from_db()
        assert (busy.state, busy.sent_at) == ("received", sent[busy.pk])
        check_all(world)

    @ATTEMPTS
    def test_couriers_and_agents_at_the_same_time_note_each_thing_once(
        self, world: World, asked: list[Asked], attempt: int
    ) -> None:
        deliveries = deliveries_of(asked)

        def send(some: Sequence[Delivery]) -> None:
            sent = {delivery.pk: timezone.now() for delivery in some}
            for pk in sent.keys() - note_sent_together(sent=sent, check_after=SOON):
                note_sent(delivery_id=pk, at=sent[pk], check_after=SOON)

        def acknowledge() -> None:
            for one, delivery in zip(asked, deliveries, strict=True):
                assert world.acknowledge(one, str(delivery.decision_id))

        outcomes = together(partial(send, deliveries), partial(send, deliveries[::-1]), acknowledge)
        assert outcomes == [None, None, None]
        for one in ApprovalRequest.objects.all():
            for code in ("delivery.sent", "delivery.received"):
                assert one.events.filter(code=code).count() == 1, code
        assert {*Delivery.objects.values_list("state", "attempts")} == {("received", 2)}
        check_all(world)
