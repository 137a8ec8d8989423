"""The courier looks whether the engine is there, often enough and no more often."""

from datetime import datetime, timedelta
from typing import cast

import pytest
from django.utils import timezone

from approvals.courier.lookout import Lookout
from approvals.models import EngineSight
from restate_bridge.health import Health

NOW = timezone.now()


class Patient:
    """An engine whose health a test decides."""

    def __init__(self) -> None:
        self.ailment = ""
        self.looks = 0

    def problem(self) -> str:
        self.looks += 1
        return self.ailment


@pytest.fixture
def engine() -> Patient:
    return Patient()


@pytest.fixture
def lookout(engine: Patient, db: None) -> Lookout:
    return Lookout(cast(Health, engine))


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def looked_at() -> datetime:
    return EngineSight.objects.get().looked_at


def test_it_looks_at_first_and_then_every_eight_seconds(lookout: Lookout, engine: Patient) -> None:
    for second in range(17):
        assert lookout.is_there(after(second))
    assert engine.looks == 3
    assert looked_at() == after(16)


def test_what_was_seen_is_relied_on_until_somebody_doubts_it(lookout: Lookout, engine: Patient) -> None:
    assert lookout.is_there(NOW)
    engine.ailment = "refused"
    assert lookout.is_there(after(1))
    lookout.doubt()
    assert not lookout.is_there(after(2))
    assert EngineSight.objects.get().away_since == after(2)


def test_one_that_is_away_is_looked_for_more_often_and_noted_no_more_often(lookout: Lookout, engine: Patient) -> None:
    engine.ailment = "refused"
    for second in range(8):
        assert not lookout.is_there(after(second))
    assert engine.looks == 4
    assert looked_at() == NOW
    assert not lookout.is_there(after(8))
    assert looked_at() == after(8)


def test_after_a_call_that_failed_it_looks_at_once_which_side_is_away(lookout: Lookout, engine: Patient) -> None:
    assert lookout.is_there(NOW)
    engine.ailment = "no answer"
    lookout.look_again(after(1))
    assert not lookout.is_there(after(2))
    assert EngineSight.objects.get().problem == "no answer"
    engine.ailment = ""
    assert lookout.is_there(after(3))
    assert EngineSight.objects.get().away_since is None
