"""Where a page of runs begins, as an address holds it."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from operations.selectors.places import read, written
from restate_bridge.listed_run import Place
from tests.engine.engine import Engine

RUN = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"
NOON = datetime(2026, 4, 24, 12, tzinfo=UTC)
ODD = [
    f"0001-01-01T00:00:00+14:00~{RUN}",
    f"9999-12-31T23:59:59-14:00~{RUN}",
    f"2026-04-24T12:00:00+23:59~{RUN}",
    f"0001-01-01T00:00:00Z~{RUN}",
    f"9999-12-31T00:00:00Z~{RUN}",
    f"2026-13-24T12:00:00Z~{RUN}",
    f"2026-04-24T12:00:00~{RUN}",
    "2026-04-24T12:00:00Z~inv_1",
    "~",
]


def test_a_place_is_read_as_it_was_written_whatever_the_zone() -> None:
    assert read(written(Place(NOON, RUN))) == Place(NOON, RUN)
    place = read(written(Place(NOON.astimezone(timezone(timedelta(hours=9))), RUN)))
    assert place == Place(NOON, RUN)
    assert place.created_at.tzinfo is UTC


@pytest.mark.parametrize("text", [*ODD[:2], *ODD[3:]])
def test_what_names_no_place_begins_at_the_beginning(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("page", ["/runs/", "/waits/", "/sessions/"])
def test_no_address_breaks_a_list(client: Client, operator: User, with_engine: Engine, page: str, text: str) -> None:
    answer = client.get(f"{page}?after={quote(text if page != '/sessions/' else text + '~key')}")
    assert answer.status_code == 200
    assert "be asked at the moment" not in answer.content.decode()
