"""Agents announce, ask again and are restarted while others are at the same request; nobody is stuck."""

from functools import partial

import pytest
from django.utils import timezone

from approvals.errors import AlreadySettled
from approvals.models import ApprovalRequest
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.expire import expire_next_request
from tests.approvals.protocol.racing import behind, held, together
from tests.approvals.protocol.watching import check_all
from tests.approvals.protocol.world import DAY, Asked, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(world: World) -> Asked:
    return world.announce()


def status_of(asked: Asked) -> str:
    return ApprovalRequest.objects.get(pk=asked.pk).status


def test_an_announcement_that_arrives_several_times_at_once_makes_one_request(world: World, asked: Asked) -> None:
    wanted = asked.wanted.model_copy(update={"run": world.restart_before_the_announcement(asked).wanted.run})
    made = together(*[partial(world.put, wanted)] * 4)
    assert len({request.pk for request in made}) == 1


def test_asking_again_several_times_at_once_makes_one_request_that_waits(world: World, asked: Asked) -> None:
    made = together(*[partial(world.ask_again, asked)] * 4)
    assert len({request.pk for request in made}) == 1
    assert status_of(asked) == "withdrawn"
    check_all(world)


def test_a_decision_that_waited_while_the_agent_asked_again_is_refused(world: World, asked: Asked) -> None:
    assert isinstance(
        behind(partial(world.ask_again, asked), partial(world.approve, asked, "reviewer")), AlreadySettled
    )


def test_asking_again_waits_for_a_decision_and_leaves_it(world: World, asked: Asked) -> None:
    again = behind(partial(world.approve, asked, "reviewer"), partial(world.ask_again, asked))
    assert (status_of(asked), status_of(again)) == ("approved", "pending")
    check_all(world)


def test_a_decision_that_waited_while_the_run_was_restarted_is_refused(world: World, asked: Asked) -> None:
    restart = partial(world.restart_behind_the_announcement, asked, frozenset(), answered=False)
    assert isinstance(behind(restart, partial(world.approve, asked, "reviewer")), AlreadySettled)


def test_a_restart_waits_for_a_decision_and_leaves_it(world: World, asked: Asked) -> None:
    restart = partial(world.restart_behind_the_announcement, asked, frozenset(), answered=False)
    again = behind(partial(world.approve, asked, "reviewer"), restart)
    assert (status_of(asked), status_of(again)) == ("approved", "pending")
    check_all(world)


def test_the_clock_passes_over_a_request_in_whose_place_another_is_asked(world: World, asked: Asked) -> None:
    with held(partial(world.ask_again, asked)):
        assert carry_out_next_escalation(now=timezone.now() + DAY / 2) is None
        assert expire_next_request(now=timezone.now() + 3 * DAY) is None
    assert status_of(asked) == "withdrawn"


@pytest.mark.parametrize("attempt", range(4))
def test_asking_again_restarting_deciding_and_expiring_at_once_leave_nobody_stuck(
    world: World, asked: Asked, attempt: int
) -> None:
    restart = partial(world.restart_behind_the_announcement, asked, frozenset(), answered=False)
    together(
        partial(world.ask_again, asked),
        partial(world.approve, asked, "reviewer"),
        restart,
        partial(expire_next_request, now=timezone.now() + 3 * DAY),
        partial(world.withdraw, asked),
    )
    check_all(world)
