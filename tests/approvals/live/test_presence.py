"""A page of a request says so with its socket, and the other pages of that request are told."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group, User
from django.utils import timezone

from approvals.live.caretaker import renew_once
from approvals.live.viewers import VIEWERS
from approvals.models import AgentService, ApprovalRequest, Presence
from approvals.selectors.presence import STALE_AFTER, lookers_of
from tests.announcing import announce
from tests.approvals.live.socket import Socket, connected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("listening")]


@pytest.fixture
def colleague(reviewer: User) -> User:
    user = User.objects.create_user("colleague", first_name="Kim")
    user.groups.add(Group.objects.get(name="finance"))
    return user


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


async def looking(user: User, request: ApprovalRequest) -> Socket:
    """Return the socket of a page of the request, once others know of it."""
    socket = await connected(user, f"request={request.pk}")
    # It may also hear of the announcement, which has just been.
    while await socket.heard() != {"looking": request.pk}:
        pass
    return socket


async def quiet(socket: Socket) -> None:
    """Wait until a socket has heard of its own opening for the last time."""
    while not await socket.hears_nothing():
        await socket.heard()


async def test_who_opens_and_leaves_a_request_is_told_to_the_others_who_look_at_it(
    request_: ApprovalRequest, reviewer: User, colleague: User
) -> None:
    mine = await looking(reviewer, request_)
    await quiet(mine)
    theirs = await looking(colleague, request_)
    assert await mine.heard() == {"looking": request_.pk}
    assert await sync_to_async(lookers_of)(reviewer, [request_.pk]) == {request_.pk: ["Kim"]}
    await theirs.disconnect()
    assert await mine.heard() == {"looking": request_.pk}
    assert await sync_to_async(lookers_of)(reviewer, [request_.pk]) == {}
    await mine.disconnect()
    assert not await Presence.objects.aexists()


async def test_pages_that_show_something_else_are_not_told(
    request_: ApprovalRequest, agent_service: AgentService, reviewer: User, colleague: User
) -> None:
    other = await sync_to_async(announce)(agent_service)
    elsewhere, list_ = await looking(colleague, other), await connected(colleague)
    for socket in (elsewhere, list_):
        await quiet(socket)
    mine = await looking(reviewer, request_)
    assert await elsewhere.hears_nothing()
    assert await list_.hears_nothing()
    for socket in (mine, elsewhere, list_):
        await socket.disconnect()


@pytest.mark.parametrize("query", ["request=999999", "request=", "request=x", f"request={'9' * 40}", "other=1"])
async def test_a_page_of_nothing_is_live_all_the_same(agent_service: AgentService, reviewer: User, query: str) -> None:
    socket = await connected(reviewer, query)
    request = await sync_to_async(announce)(agent_service)
    assert await socket.heard() == {"changed": request.pk}
    assert not await Presence.objects.aexists()
    await socket.disconnect()


async def test_an_outsider_is_neither_seen_nor_told(request_: ApprovalRequest, reviewer: User) -> None:
    outsider = await User.objects.acreate(username="outsider")
    theirs = await connected(outsider, f"request={request_.pk}")
    mine = await looking(reviewer, request_)
    assert await theirs.hears_nothing()
    assert [row.user_id async for row in Presence.objects.all()] == [reviewer.pk]
    await mine.disconnect()
    await theirs.disconnect()


async def test_who_left_the_group_with_the_page_open_is_not_told_of_who_comes(
    request_: ApprovalRequest, reviewer: User, colleague: User
) -> None:
    theirs = await looking(colleague, request_)
    await quiet(theirs)
    await colleague.groups.aclear()
    mine = await looking(reviewer, request_)
    assert await theirs.hears_nothing()
    await mine.disconnect()
    await theirs.disconnect()


async def test_an_open_page_is_renewed_and_the_page_of_a_process_that_died_is_swept_away(
    request_: ApprovalRequest, reviewer: User, colleague: User
) -> None:
    mine = await looking(reviewer, request_)
    await quiet(mine)
    long_ago = timezone.now() - STALE_AFTER - timedelta(seconds=1)
    await Presence.objects.all().aupdate(seen_at=long_ago)
    await Presence.objects.acreate(socket="of a dead process", request=request_, user=colleague, seen_at=long_ago)
    assert await sync_to_async(lookers_of)(reviewer, [request_.pk]) == {}
    await renew_once(VIEWERS)
    assert await mine.heard() == {"looking": request_.pk}
    (left,) = [row async for row in Presence.objects.all()]
    assert left.user_id == reviewer.pk
    assert left.seen_at > long_ago
    await mine.disconnect()
