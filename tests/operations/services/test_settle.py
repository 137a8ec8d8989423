"""Settling waits that nobody announced, and the operators' record of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

from approvals.models import AgentService, ApprovalRequest, Decision
from approvals.rules.found_wait import FoundWait
from approvals.services.found import ask_about_wait
from operations.errors import ChangedMeanwhile, InvalidInput, NoSuchRun, NotAllowed, NotToSettle, Unheard
from operations.models import OperatorEvent
from operations.rules.waits import Standing
from operations.services.settle import Settlement, settle_wait
from restate_bridge.contract import digest_of
from restate_bridge.ids import awakeable_id
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.house.house import eventually

NOBODY_THERE = "http://127.0.0.1:9"
NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"
SEEN = digest_of("wait", {})
YES = Settlement("I was asked by telephone", "Waiting", SEEN, value=True)


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """How young a wait may be is a matter of its own test."""
    monkeypatch.setattr("approvals.selectors.waits.GRACE", timedelta(0))


def recorded() -> list[str]:
    return [event.code for event in OperatorEvent.objects.all()]


def test_it_is_decided_once_and_on_record_before_and_behind(operator: User, with_engine: Engine) -> None:
    wait = awakeable_id(with_engine.start_waiting())
    decision = settle_wait(operator=operator, awakeable_id=wait, settlement=YES)
    assert (decision.value, decision.reviewer, decision.request.is_found) == (True, operator, True)
    assert recorded() == ["wait.resolve.asked", "wait.resolve.answered"]
    with pytest.raises(NotToSettle) as refused:
        settle_wait(operator=operator, awakeable_id=wait, settlement=YES)
    assert refused.value.standing is Standing.SETTLED


def test_it_takes_a_permission_a_reason_and_the_services_name(
    operator: User, viewer: User, with_engine: Engine
) -> None:
    wait = awakeable_id(with_engine.start_waiting())
    blind = User.objects.create_user("blind")
    blind.user_permissions.set(Permission.objects.filter(codename__in=["view_run", "settle_wait"]))
    for person, settlement, error in (
        (viewer, YES, NotAllowed),
        (operator, Settlement(" ", "Waiting", SEEN), InvalidInput),
        (operator, Settlement("because", "waiting", SEEN), InvalidInput),
        (blind, YES, NotAllowed),
    ):
        with pytest.raises(error):
            settle_wait(operator=person, awakeable_id=wait, settlement=settlement)
    assert recorded() == []
    assert not ApprovalRequest.objects.exists()


def test_what_an_agent_has_announced_or_is_about_to_is_left_to_the_inbox(
    operator: User, with_engine: Engine, agent_service: AgentService, finance: Group
) -> None:
    announced, about_to_be = with_engine.start_waiting(), with_engine.start_waiting("announce_one")
    announce(agent_service, invocation_id=announced)
    for run, standing in ((announced, Standing.ANNOUNCED), (about_to_be, Standing.ABOUT_TO_BE)):

        def stands(run: str = run, standing: Standing = standing) -> bool:
            with pytest.raises(NotToSettle) as refused:
                settle_wait(operator=operator, awakeable_id=awakeable_id(run), settlement=YES)
            return refused.value.standing is standing

        eventually(stands)
    assert recorded() == []


@pytest.mark.parametrize("seen", ["", digest_of("wait", {"a": 1})])
def test_only_what_was_shown_is_decided(operator: User, with_engine: Engine, seen: str) -> None:
    wait = awakeable_id(with_engine.start_waiting())
    with pytest.raises(ChangedMeanwhile):
        settle_wait(operator=operator, awakeable_id=wait, settlement=replace(YES, seen=seen))
    assert recorded() == []
    assert not ApprovalRequest.objects.exists()


def test_where_reviewers_are_asked_it_is_decided_on_what_they_are_shown(
    operator: User, with_engine: Engine, finance: Group
) -> None:
    run = with_engine.start_waiting()
    asked = FoundWait(awakeable_id(run), run, "Waiting", "wait", "k", "wait", {"a": 1.50}, [])
    ask_about_wait(wait=asked, groups=[finance])
    with pytest.raises(ChangedMeanwhile):
        settle_wait(operator=operator, awakeable_id=asked.awakeable_id, settlement=YES)
    settlement = replace(YES, seen=asked.digest)
    decision = settle_wait(operator=operator, awakeable_id=asked.awakeable_id, settlement=settlement)
    assert (decision.digest, decision.arguments) == (asked.digest, {"a": 1.5})


def test_nothing_is_decided_without_the_engine(operator: User, ask_engine_at: Callable[[str], None]) -> None:
    ask_engine_at(NOBODY_THERE)
    with pytest.raises(Unheard):
        settle_wait(operator=operator, awakeable_id=awakeable_id(NEVER_EXISTED), settlement=YES)
    assert not ApprovalRequest.objects.exists()


def test_what_is_no_wait_is_not_found(operator: User, with_engine: Engine) -> None:
    for wait in ("nonsense", awakeable_id(NEVER_EXISTED)):
        with pytest.raises(NoSuchRun):
            settle_wait(operator=operator, awakeable_id=wait, settlement=YES)


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_at_once_one_wins_and_the_other_is_told(with_engine: Engine) -> None:
    people = [User.objects.create_superuser(name) for name in ("one", "another")]
    wait = awakeable_id(with_engine.start_waiting())

    def settle(person: User) -> str:
        try:
            settle_wait(operator=person, awakeable_id=wait, settlement=YES)
        except NotToSettle as refused:
            return str(refused.standing)
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(settle, people)) == ["settled", "won"]
    assert Decision.objects.count() == 1
