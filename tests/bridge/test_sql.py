"""Text in the engine's SQL."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from restate_bridge import sql

RUN = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


@pytest.mark.parametrize("text", ["", "plain", "it's", "\ud83d", "a\x00b", "') OR 1=1 --"])
def test_whatever_the_text_only_digits_stand_between_the_quotes(text: str) -> None:
    written = sql.literal(text)
    inside = written.removeprefix("arrow_cast(decode('").split("'")[0]
    assert set(inside) <= set("0123456789abcdef")
    assert written.count("'") == 6


def test_a_time_knows_its_zone() -> None:
    at = datetime(2026, 5, 4, 12, 30, tzinfo=timezone(timedelta(hours=9)))
    assert sql.instant(at) == "TIMESTAMP '2026-05-04T03:30:00.000000Z'"
    assert sql.instant(at) == sql.instant(at.astimezone(UTC))


def test_what_is_no_id_does_not_get_into_a_list_of_ids() -> None:
    assert sql.ids([RUN, "x') OR 1=1 --", "", RUN]) == f"'{RUN}'"
    assert sql.ids([]) == ""
