"""Batches of calls at the same time, and beside single ones: each call is carried out once, and nobody is stuck."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from approvals.batch import answers_to
from approvals.models import ApprovalRequest, AuditEvent, Delivery
from approvals.services.announce import announce_request
from restate_bridge.contract import (
    AcknowledgeCall,
    Acknowledgement,
    AnnounceCall,
    Announcement,
    Answer,
    BatchCall,
    Report,
    ReportCall,
)
from restate_bridge.ids import awakeable_id
from tests.announcing import announcement
from tests.approvals.protocol.racing import PATIENCE, together
from tests.approvals.protocol.watching import check_all
from tests.approvals.protocol.world import Asked, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_fell_back(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is carried out one by one after a deadlock would hide it; a slow machine is none."""
    monkeypatch.setattr("approvals.services.patience._LOCK_PATIENCE", f"SET LOCAL lock_timeout = '{PATIENCE}s'")
    yield
    assert [record for record in caplog.records if "together failed" in record.getMessage()] == []


def announcing(wanted: Announcement) -> AnnounceCall:
    return AnnounceCall(awakeable_id=awakeable_id(wanted.run.invocation_id), body=wanted)


def sent(world: World, calls: list[BatchCall]) -> list[int]:
    answers: list[Answer] = answers_to(world.service, calls)
    return [answer.status for answer in answers]


def acknowledging(asked: Asked) -> AcknowledgeCall:
    decision = Delivery.objects.get(request=asked.pk).decision_id
    return AcknowledgeCall(awakeable_id=asked.awakeable_id, body=Acknowledgement(decision_id=str(decision)))


@pytest.fixture
def decided(world: World) -> list[Asked]:
    asked = [world.announce() for _ in range(6)]
    for one in asked:
        world.approve(one, "reviewer")
    return asked


def test_what_is_announced_in_several_batches_at_once_is_there_once(world: World) -> None:
    calls: list[BatchCall] = [announcing(announcement()) for _ in range(12)]
    racing = [calls, calls[::-1], calls[6:] + calls[:6], calls]
    answers = together(*[partial(sent, world, some) for some in racing])
    assert all(status in (200, 201) for some in answers for status in some)
    assert sum(some.count(201) for some in answers) == 12
    assert ApprovalRequest.objects.count() == 12
    assert AuditEvent.objects.filter(code="request.announced").count() == 12


def test_tools_that_are_new_to_several_groups_make_no_batch_wait_for_ever(world: World) -> None:
    def crowd(groups: list[str], tools: list[str]) -> list[BatchCall]:
        return [announcing(announcement(tool=tool, arguments={}, groups=groups)) for tool in tools for _ in range(5)]

    one, other = ["pay", "refund", "book"], ["book", "pay", "refund"]
    racing = [crowd(["legal", "finance"], one), crowd(["finance", "legal"], other), crowd(["legal", "finance"], other)]
    assert together(*[partial(sent, world, calls) for calls in racing]) == [[201] * 15] * 3


@pytest.fixture
def slow_tools() -> Iterator[None]:
    """A tool that is new to a group takes its time, and all others with the same wait for it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END$$"
        )
        cursor.execute(
            "CREATE TRIGGER take_time AFTER INSERT ON approvals_knowntool FOR EACH ROW EXECUTE FUNCTION take_time()"
        )
        yield
        cursor.execute("DROP FUNCTION take_time CASCADE")


@pytest.mark.usefixtures("slow_tools")
def test_a_tool_that_is_new_to_several_groups_comes_in_a_batch_and_alone_at_once(world: World) -> None:
    # A Python set has these the other way round.
    groups = [Group.objects.create(pk=pk, name=str(pk)).name for pk in (9_001, 9_008)]
    in_a_batch, alone = (announcing(announcement(groups=groups)) for _ in range(2))
    announce_alone = partial(announce_request, awakeable_id=alone.awakeable_id, announcement=alone.body)
    answered, (request, is_new) = together(
        partial(sent, world, [in_a_batch]), partial(announce_alone, agent_service=world.service)
    )
    assert (answered, is_new) == ([201], True)
    assert request.groups.count() == 2


def test_acknowledging_and_reporting_in_any_order_at_once_is_noted_once(world: World, decided: list[Asked]) -> None:
    acknowledged: list[BatchCall] = [acknowledging(one) for one in decided]
    reports: list[BatchCall] = [
        ReportCall(awakeable_id=one.awakeable_id, body=Report(state="done", result=one.pk)) for one in decided
    ]
    racing = [acknowledged, acknowledged[::-1], acknowledged + reports, reports[::-1] + acknowledged]
    answers = together(*[partial(sent, world, some) for some in racing])
    assert all(status in (200, 204, 409, 503) for some in answers for status in some)
    sent(world, acknowledged)
    assert sent(world, reports) == [204] * len(decided)
    for code in ("delivery.received", "delivery.done"):
        assert AuditEvent.objects.filter(code=code).count() == len(decided)
    assert [one.result for one in Delivery.objects.order_by("pk")] == [one.pk for one in decided]
    check_all(world)
