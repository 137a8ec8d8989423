"""The stages on the way to a deadline, in words."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, Escalation
from approvals.presentation.escalations import milestones_of
from tests.announcing import announce


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def stage(request: ApprovalRequest, hours: int, **more: object) -> Escalation:
    return Escalation(request=request, due_at=request.announced_at + timedelta(hours=hours), **more)


def test_what_was_done_comes_before_what_is_next_and_what_is_ahead(request_: ApprovalRequest) -> None:
    done_at = timezone.now()
    stages = [
        stage(request_, 4, groups=["managers"], carried_out_at=done_at),
        stage(request_, 8, groups=["directors"]),
        stage(request_, 16),
    ]
    milestones = milestones_of(request_, stages)
    assert [(milestone.after, milestone.state) for milestone in milestones] == [
        ("after 4 hr", "done"),
        ("after 8 hr", "current"),
        ("after 16 hr", "ahead"),
    ]
    assert [milestone.at for milestone in milestones[:2]] == [done_at, stages[1].due_at]


@pytest.mark.parametrize(
    ("groups", "remind", "words"),
    [
        (["managers"], [], "managers may decide too"),
        (["a", "b", "c"], [], "a, b, and c may decide too"),
        ([], ["finance"], "a reminder goes to finance"),
        (["managers"], ["finance"], "managers may decide too, a reminder goes to finance"),
        ([], [], "a reminder goes to everybody who may decide"),
    ],
)
def test_what_a_stage_does(request_: ApprovalRequest, groups: list[str], remind: list[str], words: str) -> None:
    (milestone,) = milestones_of(request_, [stage(request_, 1, groups=groups, remind=remind)])
    assert milestone.what == words
