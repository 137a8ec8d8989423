"""Which requests are in which queue, for whom."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, Comment, RequestGroup, Snooze
from approvals.rules.queue_query import QueueQuery
from approvals.selectors.inbox import queue_page
from approvals.services.claim import claim_request
from approvals.services.decide import approve_request, reject_request
from approvals.services.take_back import take_back_decision
from tests.announcing import announce


def listed(user: User, **parameters: str) -> list[str]:
    page = queue_page(user, QueueQuery.read(parameters), now=timezone.now())
    return [row.title for row in page.requests]


def approve(request: ApprovalRequest, user: User, **more: object) -> None:
    approve_request(request_id=request.pk, reviewer=user, seen=request.digest, **more)  # type: ignore[arg-type]


def test_for_me_is_what_i_can_decide_now(agent_service: AgentService, reviewer: User, outsider: User) -> None:
    announce(agent_service, title="another group's", groups=["legal"])
    announce(agent_service, title="my own", requester="reviewer")
    approve(announce(agent_service, title="approved by me, waits for a second", quorum=2), reviewer)
    announce(agent_service, title="for me")
    assert listed(reviewer) == ["for me"]


def test_what_somebody_else_takes_care_of_stays_with_the_team(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request = announce(agent_service, title="claimed")
    ApprovalRequest.objects.filter(pk=request.pk).update(claimed_by=second_reviewer, claimed_at=timezone.now())
    assert listed(reviewer) == []
    assert listed(reviewer, queue="teams") == ["claimed"]
    assert listed(second_reviewer) == ["claimed"]


def test_what_was_claimed_half_a_day_ago_is_for_everybody_again(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request, now = announce(agent_service, title="claimed"), timezone.now()
    claim_request(request_id=request.pk, reviewer=second_reviewer)
    later = [now + timedelta(hours=hours) for hours in (11, 13)]
    pages = [queue_page(reviewer, QueueQuery(), now=moment) for moment in later]
    assert [[row.title for row in page.requests] for page in pages] == [[], ["claimed"]]


@pytest.mark.parametrize("queue", ["mine", "teams", "all"])
def test_what_was_asked_together_is_a_list_of_its_own(
    agent_service: AgentService, reviewer: User, outsider: User, queue: str
) -> None:
    together = "0123456789abcdef" * 2
    for title in ("first", "second"):
        announce(agent_service, title=title, together=together)
    announce(agent_service, title="another team's", together=together, groups=["legal"])
    announce(agent_service, title="alone")
    assert sorted(listed(reviewer, queue=queue, together=together)) == ["first", "second"]
    assert listed(reviewer, queue=queue, together="f" * 32) == []


def test_what_i_am_asked_about_can_be_put_off_too(agent_service: AgentService, reviewer: User, requester: User) -> None:
    request, now = announce(agent_service, title="asked about", requester="requester"), timezone.now()
    Comment.objects.create(request=request, author=reviewer, addressee=requester, text="Why?", written_at=now)
    Snooze.objects.create(user=requester, request=request, until=now + timedelta(hours=1))
    assert (listed(requester), listed(requester, queue="snoozed")) == ([], ["asked about"])


def test_a_deadline_that_changes_moves_the_request_in_its_queues(agent_service: AgentService, reviewer: User) -> None:
    first, second = (announce(agent_service, title=title, deadline_seconds=3_600) for title in ("one", "two"))
    assert listed(reviewer) == ["one", "two"]
    second.deadline_at = first.deadline_at - timedelta(minutes=1) if first.deadline_at else None
    second.save(update_fields=["deadline_at"])
    assert listed(reviewer) == ["two", "one"]


def test_what_i_put_off_is_hidden_from_me_alone_until_its_time(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request, now = announce(agent_service, title="later"), timezone.now()
    Snooze.objects.create(user=reviewer, request=request, until=now + timedelta(hours=1))
    assert (listed(reviewer), listed(reviewer, queue="snoozed")) == ([], ["later"])
    assert (listed(second_reviewer), listed(second_reviewer, queue="snoozed")) == (["later"], [])
    page = queue_page(reviewer, QueueQuery(), now=now)
    assert page.wakes_at == now + timedelta(hours=1)
    page = queue_page(reviewer, QueueQuery(), now=now + timedelta(hours=2))
    assert [row.title for row in page.requests] == ["later"]


def test_what_i_approved_waits_for_others_until_it_is_settled(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request = announce(agent_service, title="for two", quorum=2)
    approve(request, reviewer)
    assert listed(reviewer, queue="waiting") == ["for two"]
    assert listed(second_reviewer, queue="waiting") == []
    approve(request, second_reviewer)
    assert listed(reviewer, queue="waiting") == []
    assert listed(reviewer, queue="decided") == ["for two"]


def test_an_approval_from_before_an_edit_counts_no_more_and_its_author_is_asked_again(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    request = announce(agent_service, title="for two", quorum=2)
    approve(request, reviewer)
    approve(request, second_reviewer, edits={"claim.amount": 9})
    (row,) = queue_page(reviewer, QueueQuery(), now=timezone.now()).requests
    assert (row.title, row.approved) == ("for two", 1)  # type: ignore[attr-defined]
    assert row.proposed != request.digest  # type: ignore[attr-defined]
    assert listed(second_reviewer) == []


def test_who_is_asked_about_a_request_finds_it_though_they_may_not_decide(
    agent_service: AgentService, reviewer: User, requester: User
) -> None:
    request = announce(agent_service, title="why four stars?", requester="requester")
    assert listed(requester) == []
    asked = Comment.objects.create(
        request=request, author=reviewer, addressee=requester, text="Why?", written_at=timezone.now()
    )
    assert listed(requester) == ["why four stars?"]
    asked.answered_at = timezone.now()
    asked.save()
    assert listed(requester) == []


def test_a_request_of_two_of_my_groups_is_listed_and_counted_once(
    agent_service: AgentService, reviewer: User, outsider: User
) -> None:
    reviewer.groups.add(Group.objects.get(name="legal"))
    announce(agent_service, title="for both", groups=["finance", "legal"])
    announce(agent_service, title="for one", groups=["legal"])
    page = queue_page(reviewer, QueueQuery(), now=timezone.now())
    assert [row.title for row in page.requests] == ["for both", "for one"]
    assert (page.counts["mine"], page.counts["teams"]) == (2, 2)
    assert listed(reviewer, group="finance") == ["for both"]


def test_what_is_decided_is_listed_latest_first_and_comes_back_when_it_is_taken_back(
    agent_service: AgentService, reviewer: User
) -> None:
    both = [announce(agent_service, title=title) for title in ("one", "two")]
    for request in both:
        reject_request(
            request_id=request.pk, reviewer=reviewer, seen=request.digest, note="no", undo_window=timedelta(minutes=1)
        )
    assert listed(reviewer, queue="decided") == ["two", "one"]
    assert listed(reviewer) == []
    take_back_decision(request_id=both[1].pk, reviewer=reviewer)
    assert listed(reviewer, queue="decided") == ["one"]
    assert listed(reviewer) == ["two"]


def test_my_own_requests_are_among_the_decided_and_a_strangers_are_not(
    agent_service: AgentService, reviewer: User, requester: User, outsider: User
) -> None:
    request = announce(agent_service, title="mine", requester="requester")
    approve(request, reviewer)
    assert listed(requester, queue="decided") == ["mine"]
    assert listed(outsider, queue="decided") == []
    assert listed(outsider, queue="all") == []


def test_who_has_left_a_group_finds_none_of_its_requests_any_more(
    agent_service: AgentService, reviewer: User, second_reviewer: User
) -> None:
    asked, snoozed, approved = (announce(agent_service, title=title, quorum=2) for title in ("asked", "later", "mine"))
    now = timezone.now()
    Comment.objects.create(request=asked, author=second_reviewer, addressee=reviewer, text="Why?", written_at=now)
    Snooze.objects.create(user=reviewer, request=snoozed, until=now + timedelta(hours=1))
    approve(approved, reviewer)
    reviewer.groups.clear()
    for queue in ("mine", "teams", "snoozed", "waiting", "decided", "all"):
        assert listed(reviewer, queue=queue) == []
        assert listed(reviewer, queue=queue, q="reimburse") == []


def test_who_may_see_everything_sees_everything(agent_service: AgentService, reviewer: User, outsider: User) -> None:
    approve(announce(agent_service, title="settled"), reviewer)
    announce(agent_service, title="pending")
    outsider.user_permissions.add(Permission.objects.get(codename="view_approvalrequest"))
    operator = User.objects.get(pk=outsider.pk)
    assert listed(operator, queue="all") == ["pending", "settled"]
    assert listed(operator, queue="decided") == ["settled"]
    assert listed(operator) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"risk": "high"}, ["risky"]),
        ({"agent": "mail_agent"}, ["letter"]),
        ({"tool": "send"}, ["letter"]),
        ({"deadline": "near"}, ["soon"]),
        ({"deadline": "none", "risk": "medium"}, ["letter", "old"]),
        ({"age": "week"}, ["old"]),
        ({"age": "new"}, ["soon", "risky", "letter"]),
    ],
)
def test_filters_narrow_a_queue(
    agent_service: AgentService, reviewer: User, filters: dict[str, str], expected: list[str]
) -> None:
    announce(agent_service, title="risky", risk="high")
    announce(agent_service, title="soon", deadline_seconds=3600)
    announce(agent_service, title="letter", agent="mail_agent", tool="send", arguments={})
    old = announce(agent_service, title="old")
    # The database copies it when a request is announced, after which it never changes.
    RequestGroup.objects.filter(request=old).update(announced_at=timezone.now() - timedelta(days=8))
    assert listed(reviewer, **filters) == expected
    assert listed(reviewer, queue="teams", **filters) == expected


def test_the_highest_risk_can_come_first(agent_service: AgentService, reviewer: User) -> None:
    for risk in ("low", "high", "medium"):
        announce(agent_service, title=risk, risk=risk)
    assert listed(reviewer, sort="risk") == ["high", "medium", "low"]
