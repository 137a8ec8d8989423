"""Who of many may see what: the very same as each of them finds in their inbox."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService, ApprovalRequest
from approvals.selectors.access import requests_visible_to
from approvals.selectors.audience import audience_of
from tests.announcing import announce


@pytest.fixture
def everybody(reviewer: User, second_reviewer: User, requester: User, outsider: User) -> list[User]:
    """The cast, with people who may see everything in three ways, and each kind of them deactivated."""
    see_all = Permission.objects.get(codename="view_approvalrequest")
    auditors = Group.objects.create(name="auditors")
    auditors.permissions.add(see_all)
    operator, auditor = User.objects.create_user("operator"), User.objects.create_user("auditor")
    operator.user_permissions.add(see_all)
    auditor.groups.add(auditors)
    administrator = User.objects.create_superuser("administrator")
    gone = [User.objects.create_user(f"gone-{number}", is_active=False) for number in range(2)]
    gone[0].groups.add(Group.objects.get(name="finance"))
    gone[1].user_permissions.add(see_all)
    return [reviewer, second_reviewer, requester, outsider, operator, auditor, administrator, *gone]


@pytest.fixture
def requests(agent_service: AgentService, everybody: list[User]) -> list[ApprovalRequest]:
    different: list[dict[str, Any]] = [
        {},
        {"groups": ["legal"]},
        {"groups": ["legal", "finance"]},
        {"requester": "outsider"},
    ]
    return [announce(agent_service, **overrides) for overrides in different]


def test_it_is_whom_the_inbox_shows_the_request_to(everybody: list[User], requests: list[ApprovalRequest]) -> None:
    found = audience_of([request.pk for request in requests], [user.pk for user in everybody])
    shown = {
        request.pk: {
            user.pk for user in everybody if user.is_active and requests_visible_to(user).filter(pk=request.pk).exists()
        }
        for request in requests
    }
    assert found == shown
    # So that two empty answers are not taken for agreement.
    assert [len(people) for people in shown.values()] == [6, 5, 7, 6]


def test_only_those_who_were_asked_about_are_in_it(reviewer: User, requests: list[ApprovalRequest]) -> None:
    assert audience_of([requests[0].pk, 999_999], [reviewer.pk]) == {requests[0].pk: {reviewer.pk}}


def test_a_group_that_an_escalation_added_is_in_it(
    requests: list[ApprovalRequest], outsider: User, second_reviewer: User
) -> None:
    first = requests[0]
    assert audience_of([first.pk], [outsider.pk]) == {first.pk: frozenset()}
    first.groups.add(Group.objects.get(name="legal"))
    assert audience_of([first.pk], [outsider.pk]) == {first.pk: {outsider.pk}}


def test_two_queries_and_none_when_there_is_nobody_to_tell(
    everybody: list[User], requests: list[ApprovalRequest], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        audience_of([request.pk for request in requests], [user.pk for user in everybody])
    with django_assert_num_queries(0):
        audience_of([requests[0].pk], [])
