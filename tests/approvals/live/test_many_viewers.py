"""Telling a hundred pages asks the database no more than telling three."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.backends.utils import CursorWrapper

from approvals.live import dispatcher
from approvals.live.outbox import CHANGED
from approvals.live.viewers import VIEWERS
from approvals.models import AgentService, ApprovalRequest
from approvals.notify import LIVE_CHANNEL
from tests.announcing import announce
from tests.approvals.live.socket import Socket, connected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("listening")]


@contextmanager
def queries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the queries of all threads: the dispatcher has one of its own."""
    seen: list[str] = []
    lock, execute = threading.Lock(), CursorWrapper.execute

    def noting(self: CursorWrapper, sql: Any, params: Any = None) -> Any:
        with lock:
            seen.append(str(sql))
        return execute(self, sql, params)

    with monkeypatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", noting)
        yield seen


def crowd(size: int) -> list[User]:
    group = Group.objects.get(name="finance")
    users = User.objects.bulk_create(User(username=f"one-of-{size}-{number}") for number in range(size))
    group.user_set.add(*users)
    return users


def ring(*requests: ApprovalRequest) -> None:
    """Say that these have changed, in one statement, as a transaction that changes many does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, id::text) FROM unnest(%s) AS id", [LIVE_CHANNEL, [r.pk for r in requests]])


@pytest.mark.parametrize("size", [3, 100])
async def test_a_burst_of_changes_costs_the_same_two_queries_however_many_look(
    agent_service: AgentService, reviewer: User, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    sockets: list[Socket] = [await connected(reviewer)]
    requests = [await sync_to_async(announce)(agent_service) for _ in range(5)]
    # Told of them all, so that nothing but the burst is counted.
    assert sorted([(await sockets[0].heard())["changed"] for _ in requests]) == [request.pk for request in requests]
    sockets += [await connected(user) for user in await sync_to_async(crowd)(size)]
    with queries(monkeypatch) as seen:
        await sync_to_async(ring)(*requests)
        for socket in sockets:
            assert [await socket.heard() for _ in requests] == [{"changed": request.pk} for request in requests]
    assert [sql for sql in seen if "pg_notify" not in sql and sql.startswith("SELECT")] == seen[1:]
    assert len(seen[1:]) == 2
    for socket in sockets:
        await socket.disconnect()


async def test_each_page_of_a_person_is_told(agent_service: AgentService, reviewer: User) -> None:
    sockets = [await connected(reviewer), await connected(reviewer)]
    request = await sync_to_async(announce)(agent_service)
    for socket in sockets:
        assert await socket.heard() == {"changed": request.pk}
        await socket.disconnect()
    assert list(VIEWERS) == []


async def test_when_nobody_can_say_who_may_know_everybody_refreshes_and_the_next_change_is_told(
    agent_service: AgentService, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    outsider = await User.objects.acreate(username="outsider")
    sockets = [await connected(reviewer), await connected(outsider)]

    def away(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(dispatcher, "audience_of", away)
        await sync_to_async(announce)(agent_service)
        for socket in sockets:
            assert await socket.heard() == {"refresh": True}
    request = await sync_to_async(announce)(agent_service)
    assert await sockets[0].heard() == {CHANGED: request.pk}
    assert await sockets[1].hears_nothing()
    for socket in sockets:
        await socket.disconnect()
