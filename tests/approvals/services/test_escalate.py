"""Nobody decides: others are asked and people are reminded, on the way to the deadline."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User

from approvals.errors import NotAuthorised
from approvals.models import AgentService, ApprovalRequest, Escalation
from approvals.services.claim import claim_request
from approvals.services.decide import approve_request
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.expire import expire_next_request
from approvals.services.report import withdraw_request
from tests.announcing import announce

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AFTER_FOUR_HOURS = {"after_seconds": 4 * 3600}
AFTER_A_DAY = {"after_seconds": 86_400, "groups": ["legal"]}
THREE_DAYS = 3 * 86_400


@pytest.fixture
def legal(outsider: User) -> Group:
    """The group that is asked later, with the outsider in it."""
    return outsider.groups.get()


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User, legal: Group) -> ApprovalRequest:
    return announce(agent_service, deadline_seconds=THREE_DAYS, escalations=[AFTER_FOUR_HOURS, AFTER_A_DAY])


def codes(request: ApprovalRequest) -> list[str]:
    return list(request.events.order_by("id").values_list("code", flat=True))


def test_three_days_without_a_decision_pass_stage_by_stage(request_: ApprovalRequest) -> None:
    began = request_.announced_at
    seen = []
    for hour in range(80):
        now = began + hour * HOUR
        while (stage := carry_out_next_escalation(now=now)) is not None:
            assert stage.carried_out_at == now
            seen.append((hour, "stage"))
        if expire_next_request(now=now):
            seen.append((hour, "expired"))
    # The deadline counts from a moment before the request's own time, so three days are up at the full hour.
    assert seen == [(4, "stage"), (24, "stage"), (72, "expired")]
    assert codes(request_) == ["request.announced", "request.reminded", "request.escalated", "request.expired"]


def test_a_reminder_asks_nobody_else_and_says_who_was_reminded(request_: ApprovalRequest) -> None:
    now = request_.announced_at + 5 * HOUR
    carry_out_next_escalation(now=now)
    request_.refresh_from_db()
    assert (request_.reminded_at, request_.is_pending) == (now, True)
    event = request_.events.get(code="request.reminded")
    assert (event.actor, event.at) == ("courier", now)
    assert event.data == {"groups": [], "reminded": ["finance"]}


def test_whoever_is_asked_by_an_escalation_may_decide_from_then_on_and_not_before(
    request_: ApprovalRequest, outsider: User
) -> None:
    carry_out_next_escalation(now=request_.announced_at + 5 * HOUR)
    with pytest.raises(NotAuthorised, match="not_a_reviewer"):
        approve_request(request_id=request_.pk, reviewer=outsider, seen=request_.digest)
    carry_out_next_escalation(now=request_.announced_at + DAY)
    assert request_.events.get(code="request.escalated").data == {
        "groups": ["legal"],
        "reminded": ["finance", "legal"],
    }
    assert approve_request(request_id=request_.pk, reviewer=outsider, seen=request_.digest).settles


def test_an_escalation_lets_go_of_what_somebody_said_to_take_care_of(request_: ApprovalRequest, reviewer: User) -> None:
    claim_request(request_id=request_.pk, reviewer=reviewer)
    carry_out_next_escalation(now=request_.announced_at + 5 * HOUR)
    request_.refresh_from_db()
    assert (request_.claimed_by, request_.claimed_at) == (None, None)


def test_those_who_could_decide_before_an_escalation_still_can(request_: ApprovalRequest, reviewer: User) -> None:
    carry_out_next_escalation(now=request_.announced_at + DAY)
    assert approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest).settles


def test_the_requester_never_decides_even_in_a_group_that_is_asked_later(
    request_: ApprovalRequest, requester: User, legal: Group
) -> None:
    requester.groups.add(legal)
    carry_out_next_escalation(now=request_.announced_at + DAY)
    carry_out_next_escalation(now=request_.announced_at + DAY)
    assert legal in request_.groups.all()
    with pytest.raises(NotAuthorised, match="own_request"):
        approve_request(request_id=request_.pk, reviewer=requester, seen=request_.digest)


def test_stages_that_piled_up_while_the_courier_was_away_are_carried_out_in_order_each_once(
    request_: ApprovalRequest,
) -> None:
    now = request_.announced_at + 2 * DAY
    stages = [carry_out_next_escalation(now=now) for _ in range(3)]
    assert [stage.due_at - request_.announced_at if stage else None for stage in stages] == [4 * HOUR, DAY, None]
    assert codes(request_) == ["request.announced", "request.reminded", "request.escalated"]


@pytest.mark.parametrize("expired_first", [True, False])
def test_a_deadline_that_passed_as_well_leaves_no_stage_to_carry_out(
    request_: ApprovalRequest, expired_first: bool
) -> None:
    now = request_.announced_at + 4 * DAY
    if expired_first:
        expire_next_request(now=now)
    assert carry_out_next_escalation(now=now) is None
    expire_next_request(now=now)
    assert codes(request_) == ["request.announced", "request.expired"]
    assert not Escalation.objects.filter(carried_out_at__isnull=False).exists()


def test_nobody_is_asked_about_what_was_decided_or_withdrawn(
    agent_service: AgentService, request_: ApprovalRequest, reviewer: User
) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    withdrawn = announce(agent_service, escalations=[AFTER_A_DAY])
    withdraw_request(agent_service=agent_service, awakeable_id=withdrawn.awakeable_id, reason="cancelled")
    assert carry_out_next_escalation(now=request_.announced_at + 2 * DAY) is None


def test_of_several_requests_the_stage_that_is_due_longest_comes_first(
    agent_service: AgentService, request_: ApprovalRequest
) -> None:
    hasty = announce(agent_service, escalations=[{"after_seconds": 60}])
    carried_out = [carry_out_next_escalation(now=request_.announced_at + 2 * DAY) for _ in range(3)]
    assert [stage.request_id if stage else None for stage in carried_out] == [hasty.pk, request_.pk, request_.pk]


def test_only_the_groups_that_a_stage_names_are_reminded(
    agent_service: AgentService, finance: Group, legal: Group
) -> None:
    request = announce(agent_service, escalations=[{"after_seconds": 60, "remind": ["finance"], "groups": ["legal"]}])
    carry_out_next_escalation(now=request.announced_at + HOUR)
    assert request.events.get(code="request.escalated").data == {"groups": ["legal"], "reminded": ["finance"]}


def test_a_group_that_was_deleted_since_is_named_and_the_others_are_asked(
    agent_service: AgentService, reviewer: User, legal: Group
) -> None:
    board = Group.objects.create(name="board")
    request = announce(agent_service, escalations=[{"after_seconds": 60, "groups": ["board", "legal"]}])
    board.delete()
    carry_out_next_escalation(now=request.announced_at + HOUR)
    data = request.events.get(code="request.escalated").data
    assert data == {"groups": ["legal"], "reminded": ["finance", "legal"], "deleted": ["board"]}


def test_a_stage_whose_groups_are_all_deleted_or_asked_already_only_reminds(
    agent_service: AgentService, reviewer: User, legal: Group
) -> None:
    request = announce(agent_service, escalations=[{"after_seconds": 60, "groups": ["finance", "legal"]}])
    legal.delete()
    carry_out_next_escalation(now=request.announced_at + HOUR)
    data = request.events.get(code="request.reminded").data
    assert data == {"groups": [], "reminded": ["finance"], "deleted": ["legal"]}
    assert [group.name for group in request.groups.all()] == ["finance"]
