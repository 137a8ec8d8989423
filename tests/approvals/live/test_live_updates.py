"""One socket a page, over real NOTIFY: it says what changed, to those who may know."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import connection
from django.utils import timezone

from approvals.models import AgentService
from approvals.services.decide import approve_request
from approvals.services.engine_sight import note_engine_sight
from tests.announcing import announce
from tests.approvals.live.socket import connected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("listening")]


async def test_a_reviewer_hears_of_a_new_request_and_of_its_decision(
    agent_service: AgentService, reviewer: User
) -> None:
    socket = await connected(reviewer)
    request = await sync_to_async(announce)(agent_service)
    assert await socket.heard() == {"changed": request.pk}
    await sync_to_async(approve_request)(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    assert await socket.heard() == {"changed": request.pk}
    await socket.disconnect()


@pytest.mark.parametrize("made", [-60, 0, 60])
async def test_a_page_that_has_just_been_made_hears_what_it_may_have_missed(
    agent_service: AgentService, reviewer: User, outsider: User, made: int
) -> None:
    witness = await connected(reviewer)
    request = await sync_to_async(announce)(agent_service)
    await witness.heard()
    since = f"since={int(timezone.now().timestamp()) + made}"
    socket, other = await connected(reviewer, since), await connected(outsider, since)
    if made <= 0:
        assert await socket.heard() == {"changed": request.pk}
    assert await socket.hears_nothing()
    # What is not theirs to see they have not missed.
    assert await other.hears_nothing()
    for one in (socket, other, witness):
        await one.disconnect()


async def test_a_page_that_may_have_missed_much_refreshes(agent_service: AgentService, reviewer: User) -> None:
    witness = await connected(reviewer)
    for request in await sync_to_async(lambda: [announce(agent_service) for _ in range(50)])():
        assert await witness.heard() == {"changed": request.pk}
    socket = await connected(reviewer, f"since={int(timezone.now().timestamp()) - 60}")
    assert await socket.heard() == {"refresh": True}
    assert await socket.hears_nothing()
    for one in (socket, witness):
        await one.disconnect()


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 18, "9" * 40])
async def test_what_is_no_time_keeps_no_page_from_being_live(
    agent_service: AgentService, reviewer: User, since: str
) -> None:
    socket = await connected(reviewer, f"since={since}")
    request = await sync_to_async(announce)(agent_service)
    heard = [await socket.heard()]
    if heard == [{"refresh": True}]:
        heard = [await socket.heard()]
    assert heard == [{"changed": request.pk}]
    await socket.disconnect()


async def test_an_outsider_hears_nothing(agent_service: AgentService, reviewer: User) -> None:
    outsider = await User.objects.acreate(username="outsider")
    socket, witness = await connected(outsider), await connected(reviewer)
    await sync_to_async(announce)(agent_service)
    await witness.heard()
    assert await socket.hears_nothing()
    await socket.disconnect()
    await witness.disconnect()


async def test_the_requester_hears_of_their_own_request(agent_service: AgentService, reviewer: User) -> None:
    requester = await User.objects.acreate(username="requester")
    socket = await connected(requester)
    request = await sync_to_async(announce)(agent_service)
    assert await socket.heard() == {"changed": request.pk}
    await socket.disconnect()


async def test_somebody_who_left_the_group_hears_nothing_more(agent_service: AgentService, reviewer: User) -> None:
    staying = await User.objects.acreate(username="staying")
    await staying.groups.aadd(await Group.objects.aget(name="finance"))
    socket, witness = await connected(reviewer), await connected(staying)
    await reviewer.groups.aclear()
    await sync_to_async(announce)(agent_service)
    await witness.heard()
    assert await socket.hears_nothing()
    await socket.disconnect()
    await witness.disconnect()


async def test_somebody_who_is_not_signed_in_is_turned_away_with_a_code_that_the_page_understands() -> None:
    socket = await connected(AnonymousUser())
    assert await socket.closed_with() == 4401


async def test_when_the_listener_loses_its_connection_it_comes_back_and_everybody_refreshes(
    agent_service: AgentService, reviewer: User
) -> None:
    socket = await connected(reviewer)
    await sync_to_async(cut_listeners)()
    assert await socket.heard() == {"refresh": True}
    request = await sync_to_async(announce)(agent_service)
    assert await socket.heard() == {"changed": request.pk}
    await socket.disconnect()


def cut_listeners() -> None:
    """End the listeners' connections as a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign-listener'"
        )


async def test_everybody_hears_when_the_engine_goes_away_and_comes_back(reviewer: User) -> None:
    outsider = await User.objects.acreate(username="outsider")
    sockets = [await connected(reviewer), await connected(outsider)]
    for problem in ("refused", ""):
        await sync_to_async(note_engine_sight)(at=timezone.now(), problem=problem)
        for socket in sockets:
            assert await socket.heard() == {"engine": True}
    for socket in sockets:
        await socket.disconnect()


async def test_what_a_page_says_is_ignored(agent_service: AgentService, reviewer: User) -> None:
    socket = await connected(reviewer)
    await socket.say('{"approve": 1}')
    await socket.say("{not json")
    assert await socket.hears_nothing()
    request = await sync_to_async(announce)(agent_service)
    assert await socket.heard() == {"changed": request.pk}
    await socket.disconnect()
