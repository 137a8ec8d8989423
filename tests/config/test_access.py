"""Every route, for every role: what needs signing in, and who gets further."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from approvals.models import AgentService, ApprovalRequest, AuditEvent, Snooze
from operations.rules.roles import ROLES
from tests.announcing import announce
from tests.approvals.services.test_files import NOTE, reference, sent

#: Routes that answer before anybody signs in; the intake API has tokens of its own.
OPEN = {"sign-in/"}
# What a GET answers, by route, for: nobody, somebody without a group, a reviewer of another group, a reviewer, the
# console's viewer, operator and administrator, and who may do everything.
EXPECTED = {
    "": (302, 200, 200, 200, 200, 200, 200, 200),
    "requests/<int:request_id>/": (302, 404, 404, 200, 404, 200, 200, 200),
    "requests/<int:request_id>/files/<int:number>/": (302, 404, 404, 200, 404, 200, 200, 200),
    "requests/<int:request_id>/files/<int:number>/text/": (302, 404, 404, 200, 404, 200, 200, 200),
    # The file is a text.
    "requests/<int:request_id>/files/<int:number>/picture/": (302, 404, 404, 404, 404, 404, 404, 404),
    "requests/<int:request_id>/live/": (302, 404, 404, 200, 404, 200, 200, 200),
    "requests/<int:request_id>/record/": (302, 404, 404, 200, 404, 200, 200, 200),
    "requests/<int:request_id>/presence/": (302, 404, 404, 200, 404, 200, 200, 200),
    "requests/<int:request_id>/approve/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/reject/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/answer/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/edit/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/undo/": (302, 302, 302, 302, 302, 302, 302, 302),
    "bulk/": (302, 302, 302, 302, 302, 302, 302, 302),
    "views/": (302, 405, 405, 405, 405, 405, 405, 405),
    "views/<int:view_id>/remove/": (302, 405, 405, 405, 405, 405, 405, 405),
    "palette/": (302, 200, 200, 200, 200, 200, 200, 200),
    "keys/": (302, 200, 200, 200, 200, 200, 200, 200),
    "preferences/": (302, 405, 405, 405, 405, 405, 405, 405),
    "preferences/hints/": (302, 405, 405, 405, 405, 405, 405, 405),
    "requests/<int:request_id>/claim/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/release/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/comment/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/snooze/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/wake/": (302, 302, 302, 302, 302, 302, 302, 302),
    "requests/<int:request_id>/resolve/": (302, 302, 302, 302, 302, 302, 302, 302),
    "cases/<str:run_id>/": (302, 404, 404, 200, 404, 200, 200, 200),
    "engine/": (302, 200, 200, 200, 200, 200, 200, 200),
    "runs/": (302, 403, 403, 403, 200, 200, 200, 200),
    "record/": (302, 403, 403, 403, 403, 200, 200, 200),
    "runs/together/": (302, 403, 403, 403, 403, 302, 302, 302),
    "runs/<slug:invocation_id>/": (302, 403, 403, 403, 200, 200, 200, 200),
    "runs/<slug:invocation_id>/hold/": (302, 403, 403, 403, 403, 200, 200, 200),
    "runs/<slug:invocation_id>/unhold/": (302, 403, 403, 403, 403, 200, 200, 200),
    "runs/<slug:invocation_id>/payloads/": (302, 403, 403, 403, 403, 200, 200, 200),
    # The engine is away in these tests.
    "runs/<slug:invocation_id>/<slug:verb>/": (302, 403, 403, 403, 403, 503, 503, 503),
    "deployments/": (302, 403, 403, 403, 200, 200, 200, 200),
    "deployments/guide/": (302, 403, 403, 403, 200, 200, 200, 200),
    "deployments/register/": (302, 403, 403, 403, 403, 403, 200, 200),
    "deployments/<slug:deployment_id>/": (302, 403, 403, 403, 200, 200, 200, 200),
    "deployments/<slug:deployment_id>/remove/": (302, 403, 403, 403, 403, 403, 503, 503),
    "health/": (302, 403, 403, 403, 200, 200, 200, 200),
    "sessions/": (302, 403, 403, 403, 200, 200, 200, 200),
    # It is about none unless its address names one.
    "sessions/one/": (302, 403, 403, 403, 404, 404, 404, 404),
    "sessions/one/value/": (302, 403, 403, 403, 403, 404, 404, 404),
    "sessions/one/<slug:verb>/": (302, 403, 403, 403, 403, 403, 404, 404),
    "playground/": (302, 403, 403, 403, 403, 200, 200, 200),
    # The engine is away in these tests.
    "playground/call/": (302, 403, 403, 403, 403, 503, 503, 503),
    "playground/talk/": (302, 403, 403, 403, 403, 503, 503, 503),
    "waits/": (302, 403, 403, 403, 200, 200, 200, 200),
    "waits/<slug:awakeable_id>/": (302, 403, 403, 403, 503, 503, 503, 503),
    "waits/<slug:awakeable_id>/settle/": (302, 403, 403, 403, 403, 302, 302, 302),
    "sign-in/": (200, 302, 302, 302, 302, 302, 302, 302),
    "sign-out/": (302, 405, 405, 405, 405, 405, 405, 405),
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
def stranger(db: None) -> User:
    return User.objects.create_user("stranger")


@pytest.fixture
def everybody(stranger: User, outsider: User, reviewer: User) -> list[User | None]:
    """Who the columns of the table are for."""
    in_roles = []
    for role in ROLES:
        user = User.objects.create_user(role)
        user.groups.add(Group.objects.get(name=role))
        in_roles.append(user)
    return [None, stranger, outsider, reviewer, *in_roles, User.objects.create_superuser("superuser")]


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    sent(NOTE)
    return announce(agent_service, files=[reference(NOTE)])


def path_of(route: str, request: ApprovalRequest) -> str:
    gaps = {
        "request_id": str(request.pk),
        "view_id": "1",
        "invocation_id": request.invocation_id,
        "verb": "kill",
        "number": "1",
    }
    gaps["deployment_id"] = "dp_17Iksyk3QGM5JqYHPT2E76N"
    gaps["awakeable_id"] = request.awakeable_id
    gaps["run_id"] = request.invocation_id
    return "/" + re.sub(r"<\w+:(\w+)>", lambda gap: gaps[gap[1]], route)


@pytest.mark.parametrize("route", [route for route in EXPECTED if "<int:request_id>" in route])
@pytest.mark.parametrize("role", ["stranger", "outsider"])
def test_who_may_not_see_a_request_can_post_nothing_about_it(
    route: str, role: str, request_: ApprovalRequest, stranger: User, outsider: User
) -> None:
    def state() -> list[object]:
        return [*ApprovalRequest.objects.values(), *AuditEvent.objects.values(), *Snooze.objects.values()]

    before, client = state(), Client()
    client.force_login({"stranger": stranger, "outsider": outsider}[role])
    words = {"note": "x", "comment": "x", "until": "1h", "answer": "x", "seen": request_.digest}
    assert client.post(path_of(route, request_), words).status_code in (404, 405)
    assert state() == before


@pytest.mark.parametrize("route", EXPECTED)
def test_a_route_answers_each_role_as_the_table_says(
    route: str, request_: ApprovalRequest, everybody: list[User | None]
) -> None:
    path = path_of(route, request_)
    answers = []
    for user in everybody:
        client = Client()
        if user:
            client.force_login(user)
        response = client.get(path)
        answers.append(response.status_code)
        if not user and route not in OPEN:
            assert response["location"].startswith("/sign-in/")
    assert tuple(answers) == EXPECTED[route]


@pytest.mark.parametrize("route", EXPECTED)
def test_where_htmx_gets_something_else_a_browser_keeps_the_two_apart(
    route: str, request_: ApprovalRequest, everybody: list[User | None]
) -> None:
    client, path = Client(), path_of(route, request_)
    client.force_login(User.objects.get(username="superuser"))
    whole, part = client.get(path), client.get(path, headers={"hx-request": "true"})
    # The token of each form is another one in each answer, and so is the time.
    passing = r'<time.*?</time>|name="csrfmiddlewaretoken" value="\w+"|data-made="\d+"'
    texts = [re.sub(passing, "", page.content.decode(), flags=re.DOTALL) for page in (whole, part)]
    if texts[0] != texts[1]:
        assert "HX-Request" in whole["vary"]
        assert "HX-Request" in part["vary"]


def test_guessing_a_password_is_slowed_down_and_locks_nobody_else_out(reviewer: User, requester: User) -> None:
    client = Client()
    for _ in range(10):
        client.post("/sign-in/", {"username": "reviewer", "password": "wrong"})
    refused = client.post("/sign-in/", {"username": "reviewer", "password": "a long password"})
    assert refused.status_code == 429
    other = client.post("/sign-in/", {"username": "requester", "password": "a long password"})
    assert other.status_code == 302
