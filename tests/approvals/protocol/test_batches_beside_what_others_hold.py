"""A batch comes upon what others have not committed yet: what has to wait is sent again, the rest goes through."""

from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.models import Group

from approvals.batch import answers_to
from approvals.models import ApprovalRequest, Delivery
from approvals.services.announce import announce_request
from restate_bridge.contract import AcknowledgeCall, Acknowledgement, AnnounceCall, BatchCall, Report, ReportCall
from restate_bridge.ids import awakeable_id
from tests.announcing import announcement
from tests.approvals.protocol.racing import PATIENCE, held
from tests.approvals.protocol.world import Asked, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent again is so because it has to wait, not because the machine is slow."""
    monkeypatch.setattr("approvals.batch._PATIENCE", PATIENCE)


def announcing(**changes: object) -> AnnounceCall:
    wanted = announcement(**changes)
    return AnnounceCall(awakeable_id=awakeable_id(wanted.run.invocation_id), body=wanted)


def sent(world: World, *calls: BatchCall) -> list[int]:
    return [answer.status for answer in answers_to(world.service, calls)]


def announce_alone(world: World, call: AnnounceCall) -> None:
    announce_request(agent_service=world.service, awakeable_id=call.awakeable_id, announcement=call.body)


def test_what_is_being_announced_already_is_sent_again(world: World) -> None:
    busy, *others = (announcing() for _ in range(3))
    # The tool is known, or else all three would have to wait.
    announce_alone(world, announcing())
    with held(partial(announce_alone, world, busy)):
        assert sent(world, busy, *others) == [503, 201, 201]
    assert sent(world, busy, *others) == [200, 200, 200]


def test_a_tool_that_is_being_announced_for_the_first_time_is_sent_again(world: World) -> None:
    known, busy = announcing(), announcing(tool="pay", arguments={})
    announce_alone(world, announcing())
    with held(partial(announce_alone, world, announcing(tool="pay", arguments={}))):
        assert sent(world, known, busy) == [201, 503]
    assert sent(world, known, busy) == [200, 201]


def test_what_a_group_that_is_being_changed_decides_is_sent_again(world: World) -> None:
    busy, other = announcing(groups=["legal"]), announcing(groups=["finance"])
    with held(partial(Group.objects.select_for_update().get, name="legal")):
        assert sent(world, busy, other) == [503, 201]
    assert ApprovalRequest.objects.count() == 1


def acknowledging(asked: Asked) -> BatchCall:
    decision = Delivery.objects.get(request=asked.pk).decision_id
    return AcknowledgeCall(awakeable_id=asked.awakeable_id, body=Acknowledgement(decision_id=str(decision)))


def reporting(asked: Asked) -> BatchCall:
    return ReportCall(awakeable_id=asked.awakeable_id, body=Report(state="done"))


@pytest.mark.parametrize(("make", "done"), [(acknowledging, 200), (reporting, 204)])
def test_a_delivery_that_somebody_holds_is_sent_again(
    world: World, make: Callable[[Asked], BatchCall], done: int
) -> None:
    busy, other = asked = [world.announce() for _ in range(2)]
    for one in asked:
        world.approve(one, "reviewer")
        if make is reporting:
            sent(world, acknowledging(one))
    with held(partial(Delivery.objects.select_for_update().get, request=busy.pk)):
        assert sent(world, make(busy), make(other)) == [503, done]
    assert sent(world, make(busy), make(other)) == [done, done]


def test_a_request_that_somebody_is_busy_with_is_the_only_one_to_be_sent_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    busy, *others = asked = [world.announce() for _ in range(6)]
    for one in asked:
        world.approve(one, "reviewer")
    calls = [acknowledging(one) for one in asked]
    with held(partial(world.withdraw, busy)):
        assert sent(world, *calls) == [503, *[200] * len(others)]
    assert "together failed" not in caplog.text, "it is passed over"
    assert Delivery.objects.filter(state="received").count() == len(others)
