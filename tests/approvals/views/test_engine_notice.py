"""The line in the header that says what keeps decisions from going out."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from approvals.models import EngineSight


@pytest.fixture(autouse=True)
def signed_in(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)


def seen(*, ago: int = 0, away_since: datetime | None = None) -> None:
    looked_at = timezone.now() - timedelta(seconds=ago)
    EngineSight.objects.update_or_create(pk=1, defaults={"looked_at": looked_at, "away_since": away_since})


@pytest.mark.parametrize("path", ["/", "/engine/"])
class TestNotice:
    def test_nothing_is_said_while_everything_is_there(self, client: Client, path: str) -> None:
        assert "trouble" not in client.get(path).content.decode()
        seen()
        assert "trouble" not in client.get(path).content.decode()

    def test_restate_being_away_is_said_and_since_when(self, client: Client, path: str) -> None:
        since = timezone.now() - timedelta(minutes=10)
        seen(away_since=since)
        page = client.get(path).content.decode()
        assert "Restate is away since" in page
        assert "decisions are kept and go out when it is back" in page
        assert f'datetime="{since.isoformat(timespec="seconds")}"' in page

    def test_runs_that_can_not_be_looked_at_keep_no_decision_back(self, client: Client, path: str) -> None:
        seen(away_since=timezone.now())
        EngineSight.objects.update(problem="The admin API: Restate can't be reached")
        page = client.get(path).content.decode()
        assert "can't be asked about runs since" in page
        assert "Decisions go out all the same" in page

    def test_a_courier_that_has_not_looked_for_long_says_nothing_of_restate(self, client: Client, path: str) -> None:
        seen(ago=31, away_since=timezone.now())
        page = client.get(path).content.decode()
        assert "The courier has not been seen since" in page
        assert "Restate is away" not in page


def test_the_line_alone_is_no_page(client: Client) -> None:
    seen()
    line = client.get("/engine/").content.decode()
    assert 'id="engine"' in line
    assert "<html" not in line


def test_nobody_who_is_not_signed_in_is_told(reviewer: User) -> None:
    seen(away_since=timezone.now())
    assert "trouble" not in Client().get("/sign-in/").content.decode()
