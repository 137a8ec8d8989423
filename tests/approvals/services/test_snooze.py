"""Not now, for one person."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.errors import AlreadySettled, InvalidInput
from approvals.models import AgentService, ApprovalRequest, Snooze
from approvals.services.decide import approve_request
from approvals.services.snooze import snooze_request, wake_request
from tests.announcing import announce

HOUR = timedelta(hours=1)
NEAR = 4 * HOUR


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def snooze(request: ApprovalRequest, user: User, length: timedelta) -> Snooze:
    return snooze_request(request_id=request.pk, user=user, until=timezone.now() + length, near=NEAR)


def test_it_hides_the_request_from_one_person_and_the_record_says_nothing(
    request_: ApprovalRequest, reviewer: User
) -> None:
    snooze(request_, reviewer, HOUR)
    longer = snooze(request_, reviewer, 2 * HOUR)
    assert (Snooze.objects.get(), Snooze.objects.get().user) == (longer, reviewer)
    assert request_.events.count() == 1
    request_.refresh_from_db()
    assert request_.is_pending


def test_waking_is_idempotent_and_ones_own_affair(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    for user in (reviewer, second_reviewer):
        snooze(request_, user, HOUR)
    for _ in range(2):
        wake_request(request_id=request_.pk, user=reviewer)
    assert [snoozed.user for snoozed in Snooze.objects.all()] == [second_reviewer]


@pytest.mark.parametrize(("left", "back_after"), [(10 * HOUR, 6 * HOUR), (4 * HOUR, 2 * HOUR), (HOUR, HOUR / 2)])
def test_it_never_outlasts_the_deadline(
    agent_service: AgentService, reviewer: User, left: timedelta, back_after: timedelta
) -> None:
    request = announce(agent_service, deadline_seconds=int(left.total_seconds()))
    snoozed = snooze(request, reviewer, timedelta(days=1))
    assert abs(snoozed.until - timezone.now() - back_after) < timedelta(seconds=10)


def test_a_time_at_which_the_deadline_is_near_is_cut_although_it_comes_before_it(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, deadline_seconds=10 * 3600)
    assert request.deadline_at is not None
    until = request.deadline_at - timedelta(minutes=1)
    snoozed = snooze_request(request_id=request.pk, user=reviewer, until=until, near=NEAR)
    assert snoozed.until == request.deadline_at - NEAR


def test_a_time_at_which_the_deadline_is_not_near_is_taken_as_it_is(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, deadline_seconds=6 * 3600)
    until = timezone.now() + HOUR
    assert snooze_request(request_id=request.pk, user=reviewer, until=until, near=NEAR).until == until


@pytest.mark.parametrize("length", [-HOUR, timedelta(days=400)])
def test_a_time_that_has_passed_or_is_far_away_is_refused(
    request_: ApprovalRequest, reviewer: User, length: timedelta
) -> None:
    with pytest.raises(InvalidInput):
        snooze(request_, reviewer, length)


def test_what_one_can_not_see_or_what_is_settled_can_not_be_snoozed(
    request_: ApprovalRequest, reviewer: User, outsider: User
) -> None:
    with pytest.raises(ApprovalRequest.DoesNotExist):
        snooze(request_, outsider, HOUR)
    with pytest.raises(ApprovalRequest.DoesNotExist):
        wake_request(request_id=request_.pk, user=outsider)
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    with pytest.raises(AlreadySettled):
        snooze(request_, reviewer, HOUR)
