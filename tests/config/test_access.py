"""Every route, for every role: what needs signing in, and who gets further."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from approvals.models import AgentService, ApprovalRequest
from tests.announcing import announce

#: Routes that answer before anybody signs in; the intake API has tokens of its own.
OPEN = {"sign-in/"}
# What a GET answers, by route, for: nobody, an outsider, a reviewer, an operator, an administrator.
EXPECTED = {
    "": (302, 200, 200, 200, 200),
    "requests/<int:request_id>/": (302, 404, 200, 200, 200),
    "requests/<int:request_id>/live/": (302, 404, 200, 200, 200),
    "requests/<int:request_id>/approve/": (302, 302, 302, 302, 302),
    "requests/<int:request_id>/reject/": (302, 302, 302, 302, 302),
    "requests/<int:request_id>/answer/": (302, 302, 302, 302, 302),
    "requests/<int:request_id>/undo/": (302, 302, 302, 302, 302),
    "engine/": (302, 200, 200, 200, 200),
    "runs/<slug:invocation_id>/": (302, 403, 403, 200, 200),
    "sign-in/": (200, 302, 302, 302, 302),
    "sign-out/": (302, 405, 405, 405, 405),
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def own_routes() -> list[str]:
    everything = routes(get_resolver().url_patterns)
    return [route for route in everything if not route.startswith(("admin/", "api/"))]


def test_every_route_of_ours_stands_in_the_table() -> None:
    assert sorted(own_routes()) == sorted(EXPECTED)


@pytest.fixture
def operator(db: None) -> User:
    user = User.objects.create_user("operator")
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_run", "view_approvalrequest"]))
    return user


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("administrator")


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


@pytest.mark.parametrize("route", EXPECTED)
def test_a_route_answers_each_role_as_the_table_says(
    route: str, request_: ApprovalRequest, outsider: User, reviewer: User, operator: User, administrator: User
) -> None:
    path = "/" + route.replace("<int:request_id>", str(request_.pk)).replace(
        "<slug:invocation_id>", request_.invocation_id
    )
    answers = []
    for user in (None, outsider, reviewer, operator, administrator):
        client = Client()
        if user:
            client.force_login(user)
        response = client.get(path)
        answers.append(response.status_code)
        if not user and route not in OPEN:
            assert response["location"].startswith("/sign-in/")
    assert tuple(answers) == EXPECTED[route]


def test_guessing_a_password_is_slowed_down_and_locks_nobody_else_out(reviewer: User, requester: User) -> None:
    client = Client()
    for _ in range(10):
        client.post("/sign-in/", {"username": "reviewer", "password": "wrong"})
    refused = client.post("/sign-in/", {"username": "reviewer", "password": "a long password"})
    assert refused.status_code == 429
    other = client.post("/sign-in/", {"username": "requester", "password": "a long password"})
    assert other.status_code == 302
