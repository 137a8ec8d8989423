"""Deciding many at once, and the database goes away meanwhile: nobody waits for each, and what went through is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from psycopg_pool import PoolTimeout

from approvals.models import AgentService, ApprovalRequest, Decision
from approvals.services.decide import approve_request
from approvals.views import bulk
from restate_bridge.contract import Outcome
from tests.announcing import announce

pytestmark = pytest.mark.django_db(transaction=True)

UNCONFIRMED = "it could not be confirmed whether this was decided."
ERRORS = pytest.mark.parametrize(
    "error",
    [
        OperationalError("server closed the connection unexpectedly"),
        InterfaceError("connection already closed"),
        PoolTimeout("couldn't get a connection after 10 sec"),
    ],
    ids=lambda error: type(error).__name__,
)

type Leave = Callable[[ApprovalRequest, Exception], list[str]]


@pytest.fixture(autouse=True)
def signed_in(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    client.raise_request_exception = False


@pytest.fixture
def plain(agent_service: AgentService) -> list[ApprovalRequest]:
    """What is decided together."""
    return [announce(agent_service) for _ in range(2)]


@pytest.fixture
def waiting(agent_service: AgentService) -> list[ApprovalRequest]:
    """What is decided one by one, because another has to agree."""
    return [announce(agent_service, quorum=2) for _ in range(3)]


@pytest.fixture
def leave() -> Iterator[Leave]:
    """Have the database leave for good when somebody decides a request; what it was asked from then on is listed."""
    asked: list[str] = []

    def leave(request: ApprovalRequest, error: Exception) -> list[str]:
        def away(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if asked or (sql.startswith('INSERT INTO "approvals_decision"') and request.pk in params):
                asked.append(sql)
                raise error
            return execute(sql, params, many, context)

        connection.execute_wrappers.append(away)
        return asked

    yield leave
    connection.execute_wrappers.clear()


def post(client: Client, requests: list[ApprovalRequest]) -> tuple[int, str]:
    picks = [f"{request.pk}:{request.digest}" for request in requests]
    answer = client.post("/bulk/", {"pick": picks, "verb": "approve"})
    return answer.status_code, answer.content.decode()


def decided() -> set[int]:
    connection.execute_wrappers.clear()
    return {*Decision.objects.values_list("request_id", flat=True)}


@ERRORS
def test_what_went_through_is_told_and_the_rest_is_not_tried(
    client: Client, plain: list[ApprovalRequest], waiting: list[ApprovalRequest], leave: Leave, error: Exception
) -> None:
    first, second, third = waiting
    asked = leave(second, error)
    status, page = post(client, [*waiting, *plain])
    assert (status, page.count(UNCONFIRMED)) == (200, 2)
    assert "3 requests were approved by you" in page
    for one in (second, third):
        assert f'value="{one.pk}:{one.digest}@"' in page, "it can be tried again"
    # The page asks once more, for what the courier saw last.
    assert len(asked) <= 2
    assert decided() == {first.pk, *(one.pk for one in plain)}


@ERRORS
def test_before_anything_went_through_it_is_answered_as_everywhere_else(
    client: Client, waiting: list[ApprovalRequest], leave: Leave, error: Exception
) -> None:
    asked = leave(waiting[0], error)
    status, page = post(client, waiting)
    assert (status, "The database is away" in page, len(asked)) == (503, True, 1)
    assert not decided()


@ERRORS
def test_while_they_are_decided_together_none_is_tried_by_itself(
    client: Client, plain: list[ApprovalRequest], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def together(**_: object) -> None:
        raise error

    monkeypatch.setattr(bulk, "decide_plain", together)
    assert post(client, plain)[0] == 503
    assert not decided()


def test_a_connection_that_is_lost_at_one_ends_it_although_the_next_would_have_another(
    client: Client, waiting: list[ApprovalRequest]
) -> None:
    first, second, _ = waiting
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END$$"
        )
        cursor.execute(
            f"CREATE TRIGGER hang_up BEFORE INSERT ON approvals_decision FOR EACH ROW "
            f"WHEN (NEW.request_id = {second.pk}) EXECUTE FUNCTION hang_up()"
        )
    try:
        status, page = post(client, waiting)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION hang_up CASCADE")
    assert (status, page.count(UNCONFIRMED)) == (200, 2)
    assert "1 request was approved by you" in page
    assert decided() == {first.pk}


def test_what_was_kept_although_its_connection_was_lost_is_told_when_it_is_sent_again(
    client: Client, plain: list[ApprovalRequest], waiting: list[ApprovalRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit_unheard(**said: Any) -> None:
        approve_request(**said)
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as lost:
        lost.setitem(bulk._VERBS, "approve", (commit_unheard, Outcome.APPROVED))
        _, page = post(client, [*plain, waiting[0]])
    assert page.count(UNCONFIRMED) == 1
    assert decided() == {one.pk for one in (*plain, waiting[0])}
    assert "1 request was approved by you" in post(client, waiting[:1])[1]
    assert Decision.objects.filter(request=waiting[0]).count() == 1
