"""Until when one may snooze."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from approvals.presentation.snoozing import choices_at, chosen_time

MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "deadline", "names"),
    [
        (MORNING, None, ["hour", "evening", "morning"]),
        (MORNING.replace(hour=17, minute=30), None, ["hour", "morning"]),
        (MORNING, MORNING + timedelta(days=3), ["hour", "evening", "morning", "deadline"]),
        (MORNING, MORNING + timedelta(hours=6), ["hour", "deadline"]),
        (MORNING, MORNING + timedelta(hours=3), ["hour"]),
        (MORNING, MORNING + timedelta(minutes=30), []),
    ],
)
def test_only_what_comes_before_the_deadline_is_offered(
    now: datetime, deadline: datetime | None, names: list[str]
) -> None:
    assert [choice.name for choice in choices_at(now, deadline)] == names


def test_mornings_and_evenings_are_meant_by_the_wall_clock_also_when_it_is_changed() -> None:
    before = datetime(2026, 3, 28, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    times = {choice.name: choice.until for choice in choices_at(before, None)}
    assert times["evening"].isoformat() == "2026-03-28T18:00:00+01:00"
    assert times["morning"].isoformat() == "2026-03-29T09:00:00+02:00"


@pytest.mark.parametrize(
    ("name", "typed", "until"),
    [
        ("hour", "", MORNING + timedelta(hours=1)),
        ("at", "2026-03-05T14:00", datetime(2026, 3, 5, 14, tzinfo=UTC)),
        ("at", "", None),
        ("at", "soon", None),
        ("at", "9999-12-31T23:59", None),
        ("never", "2026-03-05T14:00", None),
        ("deadline", "", None),
    ],
)
def test_a_form_means_a_time_or_none(name: str, typed: str, until: datetime | None) -> None:
    assert chosen_time(name, typed, MORNING, None) == until


def test_evenings_mornings_and_what_is_typed_are_meant_in_the_readers_own_zone() -> None:
    # Half past four in the afternoon there, while it is morning by UTC.
    now = datetime(2026, 3, 2, 16, 30, tzinfo=ZoneInfo("Asia/Seoul"))
    times = {name: chosen_time(name, "2026-03-05T14:00", now, None) for name in ("evening", "morning", "at")}
    assert {name: until.isoformat() for name, until in times.items() if until} == {
        "evening": "2026-03-02T18:00:00+09:00",
        "morning": "2026-03-03T09:00:00+09:00",
        "at": "2026-03-05T14:00:00+09:00",
    }
