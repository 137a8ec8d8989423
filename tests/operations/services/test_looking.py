"""Looking at what a run holds leaves a line in the record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from operations.errors import NotAllowed
from operations.models import OperatorEvent
from operations.services.looking import ONE_LOOK, look
from operations.services.steer import about_run
from restate_bridge.listed_run import ListedRun, RunState

AT = datetime(2026, 4, 24, 9, 0, tzinfo=UTC)
RUN = ListedRun("inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu", RunState.WAITING, "Claims", "a-session", "ask", AT, AT)
OTHER = ListedRun("inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yv", RunState.WAITING, "Mail", "", "send", AT, AT)


def look_into(operator: User, run: ListedRun) -> None:
    look(operator=operator, what="run.payload", about=about_run(run))


def looked() -> list[tuple[str, str, str]]:
    return [(event.actor, event.code, event.subject) for event in OperatorEvent.objects.all()]


def test_who_looks_at_what_is_recorded(operator: User) -> None:
    look_into(operator, RUN)
    look_into(operator, OTHER)
    assert looked() == [
        ("user:operator", "run.payload.looked", "Claims/a-session/ask"),
        ("user:operator", "run.payload.looked", "Mail/send"),
    ]
    assert OperatorEvent.objects.earliest("at").invocation_id == RUN.id


def test_who_goes_on_looking_is_recorded_once_in_a_while(operator: User, administrator: User) -> None:
    for _ in range(3):
        look_into(operator, RUN)
    assert len(looked()) == 1
    look_into(administrator, RUN)
    assert len(looked()) == 2


def test_after_that_while_it_is_another_look(operator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    look_into(operator, RUN)
    later = timezone.now() + ONE_LOOK + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    look_into(operator, RUN)
    assert len(looked()) == 2


def test_who_may_not_is_refused_and_nothing_recorded(viewer: User) -> None:
    with pytest.raises(NotAllowed):
        look_into(viewer, RUN)
    assert looked() == []
