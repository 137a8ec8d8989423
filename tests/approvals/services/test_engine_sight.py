"""The courier notes how it sees the engine."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.listening import listen
from approvals.models import AgentService, Delivery
from approvals.notify import COURIER_CHANNEL, LIVE_CHANNEL
from approvals.selectors.engine import engine_sight
from approvals.services.decide import approve_request
from approvals.services.engine_sight import note_engine_sight
from approvals.services.travelling import note_trouble
from tests.announcing import announce

NOW = timezone.now()
LATER = NOW + timedelta(seconds=10)


def test_before_a_courier_has_looked_nobody_knows(db: None) -> None:
    assert engine_sight() is None


def test_an_engine_that_is_away_is_away_since_it_was_missed_first(db: None) -> None:
    note_engine_sight(at=NOW, problem="refused")
    note_engine_sight(at=LATER, problem="no answer")
    sight = engine_sight()
    assert sight is not None
    assert (sight.looked_at, sight.away_since, sight.problem) == (LATER, NOW, "no answer")


def test_an_engine_that_is_back_is_there(db: None) -> None:
    note_engine_sight(at=NOW, problem="refused")
    note_engine_sight(at=LATER)
    sight = engine_sight()
    assert sight is not None
    assert (sight.looked_at, sight.away_since, sight.problem) == (LATER, None, "")


@pytest.mark.django_db(transaction=True)
def test_open_pages_are_told_when_it_goes_away_and_when_it_comes_back() -> None:
    with listen(LIVE_CHANNEL) as listener:
        for problem in ("", "", "refused", "no answer", "", ""):
            note_engine_sight(at=NOW, problem=problem)
        assert heard(listener) == ["engine", "engine"]


@pytest.mark.django_db(transaction=True)
def test_when_it_is_back_what_waits_because_of_trouble_goes_out_at_once(
    agent_service: AgentService, reviewer: User
) -> None:
    troubled, undoable = [announce(agent_service) for _ in range(2)]
    for request, window in ((troubled, timedelta()), (undoable, timedelta(minutes=5))):
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, undo_window=window)
    note_engine_sight(at=NOW, problem="refused")
    note_trouble(delivery_id=troubled.delivery.pk, at=LATER, error="refused")
    with listen(COURIER_CHANNEL) as listener:
        note_engine_sight(at=NOW)
        assert heard(listener) == [""]
    assert Delivery.objects.get(request=troubled).due_at == NOW
    waits_for_a_second_thought = Delivery.objects.get(request=undoable).due_at
    assert waits_for_a_second_thought is not None
    assert waits_for_a_second_thought > LATER


def heard(listener: psycopg.Connection[Any]) -> list[str]:
    return [notification.payload for notification in listener.notifies(timeout=0.2)]
