"""Page after page, every request comes once."""

import random
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest
from approvals.rules.queue_query import Queue, QueueQuery, Sort
from approvals.selectors import paging
from approvals.selectors.inbox import queue_page
from approvals.services.decide import reject_request
from tests.announcing import announce


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)


def pages(user: User, query: QueueQuery) -> list[list[int]]:
    """Return the ids of every page."""
    found, after, now = [], "", timezone.now()
    while True:
        page = queue_page(user, query, now=now, after=after)
        found.append([row.pk for row in page.requests])
        if not page.after:
            return found
        after = page.after


@pytest.fixture
def requests(agent_service: AgentService, reviewer: User, outsider: User) -> list[ApprovalRequest]:
    reviewer.groups.add(Group.objects.get(name="legal"))
    chance = random.Random(7)
    return [
        announce(
            agent_service,
            groups=chance.choice([["finance"], ["legal"], ["finance", "legal"]]),
            risk=chance.choice(["low", "medium", "high"]),
            deadline_seconds=chance.choice([None, 600, 600, 7200]),
        )
        for _ in range(20)
    ]


@pytest.mark.parametrize("sort", Sort)
def test_the_pages_of_two_groups_hold_each_request_once_in_order(
    requests: list[ApprovalRequest], reviewer: User, sort: Sort
) -> None:
    found = pages(reviewer, QueueQuery(sort=sort))
    flat = [pk for page in found for pk in page]
    assert len(found) == 7
    rank = {"high": 0, "medium": 1, "low": 2}
    far = timezone.now() + timedelta(days=999)
    keys = {
        Sort.DEADLINE: lambda one: (one.deadline_at or far, one.pk),
        Sort.RISK: lambda one: (rank[one.risk], one.pk),
        Sort.AGE: lambda one: one.pk,
        Sort.LATEST: lambda one: -one.pk,
    }
    assert flat == [request.pk for request in sorted(requests, key=keys[sort])]


def test_the_decided_are_paged_by_when_they_were_settled(requests: list[ApprovalRequest], reviewer: User) -> None:
    in_order = random.Random(3).sample(requests, 10)
    for request in in_order:
        reject_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, note="no")
    found = pages(reviewer, QueueQuery.read({"queue": Queue.DECIDED}))
    assert [pk for page in found for pk in page] == [request.pk for request in reversed(in_order)]


def test_a_request_that_is_settled_between_two_pages_moves_no_other(
    requests: list[ApprovalRequest], reviewer: User
) -> None:
    query = QueueQuery(sort=Sort.AGE)
    first = queue_page(reviewer, query, now=timezone.now())
    gone = first.requests[0]
    reject_request(request_id=gone.pk, reviewer=reviewer, seen=gone.digest, note="no")
    second = queue_page(reviewer, query, now=timezone.now(), after=first.after)
    assert [row.pk for row in second.requests] == [request.pk for request in requests[3:6]]


@pytest.mark.parametrize(
    "after", ["nonsense", "x~1", "2026-01-01T00:00:00+00:00~x", "~", "1~2~3", "9~99999999999999999999"]
)
def test_a_cursor_that_says_nothing_is_the_beginning(
    requests: list[ApprovalRequest], reviewer: User, after: str
) -> None:
    page = queue_page(reviewer, QueueQuery(), now=timezone.now(), after=after)
    assert len(page.requests) == 3
    assert page.begins == ""
