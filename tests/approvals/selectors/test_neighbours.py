"""One request after the other, in the order of the list, whoever decides which."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest
from approvals.rules.queue_query import Queue, QueueQuery, Sort
from approvals.selectors import paging, searching
from approvals.selectors.inbox import QueuePage, queue_page
from approvals.selectors.neighbours import Neighbour, next_to
from approvals.services.decide import approve_request
from tests.announcing import announce


@pytest.fixture
def waiting(agent_service: AgentService) -> list[ApprovalRequest]:
    """Five requests, the nearest deadline last: in the list they stand the other way round."""
    return [announce(agent_service, title=f"number {5 - n}", deadline_seconds=9000 - n * 600) for n in range(5)][::-1]


def page_of(user: User, after: str = "", **asked: str) -> QueuePage:
    return queue_page(user, QueueQuery.read(asked), now=timezone.now(), after=after)


def behind(user: User, page: QueuePage, request: ApprovalRequest) -> Neighbour:
    found = next_to(user, page, request.pk, now=timezone.now())
    assert found
    return found


def decide(user: User, request: ApprovalRequest) -> None:
    approve_request(request_id=request.pk, reviewer=user, seen=request.digest)


def test_it_is_the_next_row_and_behind_the_last_there_is_none(reviewer: User, waiting: list[ApprovalRequest]) -> None:
    page = page_of(reviewer)
    assert [behind(reviewer, page, one).request_id for one in waiting[:-1]] == [one.pk for one in waiting[1:]]
    assert next_to(reviewer, page, waiting[-1].pk, now=timezone.now()) is None


@pytest.mark.parametrize("sort", Sort)
def test_what_was_decided_is_followed_by_what_stood_behind_it(
    reviewer: User, waiting: list[ApprovalRequest], sort: Sort
) -> None:
    before = [row.pk for row in page_of(reviewer, sort=sort).requests]
    decided = next(one for one in waiting if one.pk == before[2])
    decide(reviewer, decided)
    found = behind(reviewer, page_of(reviewer, sort=sort), decided)
    assert found.request_id == before[3]
    assert found.title == ApprovalRequest.objects.get(pk=before[3]).title


def test_behind_the_last_that_was_decided_comes_what_was_passed_over(
    reviewer: User, waiting: list[ApprovalRequest]
) -> None:
    decide(reviewer, waiting[-1])
    assert behind(reviewer, page_of(reviewer), waiting[-1]).request_id == waiting[0].pk
    for one in waiting[:-1]:
        decide(reviewer, one)
    assert next_to(reviewer, page_of(reviewer), waiting[-1].pk, now=timezone.now()) is None


def test_behind_the_last_row_of_a_page_comes_the_first_of_the_next(
    reviewer: User, waiting: list[ApprovalRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    found = behind(reviewer, page_of(reviewer), waiting[1])
    assert found.request_id == waiting[2].pk
    assert found.list_query.startswith("after=")
    following = page_of(reviewer, after=page_of(reviewer).after)
    assert following.requests[0].pk == found.request_id


@pytest.mark.parametrize(("words", "size"), [("number", 2), ("umber", 2), ("number", 50), ("umber", 50)])
def test_what_was_found_is_followed_by_what_was_found_behind_it(
    reviewer: User, waiting: list[ApprovalRequest], monkeypatch: pytest.MonkeyPatch, words: str, size: int
) -> None:
    for module in (paging, searching):
        monkeypatch.setattr(module, "PAGE_SIZE", size)
    page = page_of(reviewer, q=words)
    latest = sorted((request.pk for request in waiting), reverse=True)
    for number, request_id in enumerate(latest[:size][:-1]):
        assert behind(reviewer, page, ApprovalRequest.objects.get(pk=request_id)).request_id == latest[number + 1]
    decided = ApprovalRequest.objects.get(pk=latest[1])
    decide(reviewer, decided)
    assert behind(reviewer, page_of(reviewer, q=words), decided).request_id == latest[2]


def test_what_was_decided_has_its_place_among_the_decided(reviewer: User, waiting: list[ApprovalRequest]) -> None:
    for one in waiting[:2]:
        decide(reviewer, one)
    page = page_of(reviewer, queue=Queue.DECIDED)
    assert behind(reviewer, page, waiting[1]).request_id == waiting[0].pk
    # What waits has none there, so the list begins.
    assert behind(reviewer, page, waiting[2]).request_id == waiting[1].pk


def test_where_a_request_stands_is_told_to_nobody_who_may_not_see_it(
    reviewer: User, outsider: User, agent_service: AgentService, waiting: list[ApprovalRequest]
) -> None:
    hidden = announce(agent_service, groups=["legal"], deadline_seconds=7900)
    assert behind(reviewer, page_of(reviewer), hidden).request_id == waiting[0].pk
