"""The line that says who else looks."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService, ApprovalRequest, Presence
from tests.announcing import announce


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def look(request: ApprovalRequest, *users: User) -> None:
    Presence.objects.bulk_create(
        Presence(request=request, user=user, socket=f"socket-{user.pk}", seen_at=timezone.now()) for user in users
    )


def line(client: Client, user: User, request: ApprovalRequest) -> str:
    client.force_login(user)
    response = client.get(f"/requests/{request.pk}/presence/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_names_another_and_is_empty_for_them(
    client: Client, request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    look(request_, reviewer)
    assert "Rea Viewer is looking at this too." in line(client, second_reviewer, request_)
    assert "<p>" not in line(client, reviewer, request_)


def test_what_is_hidden_in_a_name_is_made_visible(
    client: Client, request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    User.objects.filter(pk=second_reviewer.pk).update(first_name="<b>Kim\u202e")
    look(request_, second_reviewer)
    shown = line(client, reviewer, request_)
    assert "&lt;b&gt;Kim" in shown
    assert "\u202e" not in shown


def test_looking_at_who_looks_changes_nothing_and_asks_little(
    client: Client,
    request_: ApprovalRequest,
    reviewer: User,
    second_reviewer: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    look(request_, second_reviewer)
    client.force_login(reviewer)
    # The session, the user, two for their permissions, the request, and who looks.
    with django_assert_num_queries(5):
        client.get(f"/requests/{request_.pk}/presence/")
    assert Presence.objects.count() == 1


def test_the_page_itself_asks_for_nobody(client: Client, request_: ApprovalRequest, reviewer: User) -> None:
    client.force_login(reviewer)
    page = client.get(f"/requests/{request_.pk}/").content.decode()
    assert f'data-request="{request_.pk}"' in page
    assert "looking at this too" not in page
