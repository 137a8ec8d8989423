"""Somebody takes a decision back while a courier, another person or the agent comes along."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from approvals.errors import ApprovalError, OnItsWay
from approvals.models import Decision, Delivery
from approvals.services.expire import expire_next_request
from approvals.services.take_back import take_back_decision
from tests.approvals.protocol.racing import Call, behind, held, together
from tests.approvals.protocol.watching import Watch, check_all
from tests.approvals.protocol.world import DAY, Asked, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(world: World) -> Asked:
    """A request that the reviewer has approved, and can still take back."""
    asked = world.announce()
    world.approve(asked, "reviewer", undo=True)
    return asked


@pytest.fixture
def take_back(world: World, asked: Asked) -> Call:
    return partial(take_back_decision, request_id=asked.pk, reviewer=world.people["reviewer"])


@pytest.fixture
def claim(world: World, asked: Asked) -> Call:
    return partial(world.claim, timezone.now() + timedelta(minutes=6))


def test_what_a_courier_is_taking_up_can_not_be_taken_back(world: World, take_back: Call, claim: Call) -> None:
    assert isinstance(behind(claim, take_back), OnItsWay)
    assert len(world.parcels) == 1


def test_a_courier_passes_over_what_is_being_taken_back(world: World, take_back: Call, claim: Call) -> None:
    with held(take_back):
        assert claim() == []
    assert claim() == []
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("attempt", range(8))
def test_a_second_thought_and_a_courier_at_the_same_moment_end_one_way(
    world: World, take_back: Call, claim: Call, attempt: int
) -> None:
    taken_back, _ = together(take_back, claim)
    assert isinstance(taken_back, Decision) == (world.parcels == [])
    check_all(world)


def test_whoever_waited_for_a_second_thought_decides_anew(world: World, asked: Asked, take_back: Call) -> None:
    again = behind(take_back, partial(world.reject, asked, "second-reviewer"))
    assert isinstance(again, Decision)
    check_all(world)


def test_a_deadline_that_passed_meanwhile_is_carried_out_after_a_second_thought(world: World, take_back: Call) -> None:
    expire = partial(expire_next_request, now=timezone.now() + 3 * DAY)
    assert expire() is None
    take_back()
    assert expire() is not None
    check_all(world)


@pytest.mark.parametrize("how", ["ask_again", "restart_behind_the_announcement", "restart_before_the_announcement"])
def test_nothing_comes_back_to_life_once_another_was_asked_in_its_place(
    world: World, asked: Asked, take_back: Call, how: str
) -> None:
    if how == "ask_again":
        world.ask_again(asked)
    elif how == "restart_behind_the_announcement":
        world.restart_behind_the_announcement(asked, frozenset(), answered=False)
    else:
        world.find_out(world.restart_before_the_announcement(asked), asked)
    assert isinstance(Watch(world).step(take_back), ApprovalError)
