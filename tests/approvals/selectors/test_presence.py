"""Who else looks."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService, ApprovalRequest, Presence
from approvals.selectors.presence import STALE_AFTER, lookers_of
from tests.announcing import announce


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def look(request: ApprovalRequest, user: User, socket: str, *, ago: timedelta = timedelta()) -> None:
    Presence.objects.create(request=request, user=user, socket=socket, seen_at=timezone.now() - ago)


def test_others_are_named_once_in_alphabetical_order_and_never_oneself(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User, requester: User
) -> None:
    for number, user in enumerate([second_reviewer, second_reviewer, reviewer, requester]):
        look(request_, user, f"socket-{number}")
    assert lookers_of(reviewer, [request_.pk]) == {request_.pk: ["requester", "second-reviewer"]}
    assert lookers_of(requester, [request_.pk]) == {request_.pk: ["Rea Viewer", "second-reviewer"]}


def test_a_page_that_was_not_renewed_and_that_of_somebody_deactivated_count_no_more(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User, requester: User
) -> None:
    look(request_, second_reviewer, "of a dead process", ago=STALE_AFTER)
    look(request_, requester, "deactivated")
    User.objects.filter(pk=requester.pk).update(is_active=False)
    assert lookers_of(reviewer, [request_.pk]) == {}


def test_many_requests_are_one_query(
    agent_service: AgentService, reviewer: User, requester: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    requests = [announce(agent_service) for _ in range(5)]
    for request in requests[:3]:
        look(request, requester, f"socket-{request.pk}")
    with django_assert_num_queries(1):
        found = lookers_of(reviewer, [request.pk for request in requests])
    assert found == {request.pk: ["requester"] for request in requests[:3]}
