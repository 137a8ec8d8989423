"""How tools are tried again, and what can't be meant."""

from datetime import timedelta

import pytest

from agents.approval import Retry


def test_it_is_told_to_restate_as_it_is_written() -> None:
    told = Retry(attempts=3, first_pause=timedelta(seconds=1), longest_pause=timedelta(seconds=9)).options()
    assert (told.max_attempts, told.initial_retry_interval, told.max_retry_interval, told.max_duration) == (
        3,
        timedelta(seconds=1),
        timedelta(seconds=9),
        None,
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"attempts": 0}, "at least once"),
        ({"first_pause": timedelta(0)}, "longer than nothing"),
        ({"first_pause": timedelta(seconds=9)}, "no longer than the longest"),
        ({"within": timedelta(0)}, "within has to be longer"),
    ],
)
def test_what_can_not_be_meant_is_refused(settings: dict[str, int | timedelta], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Retry(**settings)  # type: ignore[arg-type]
