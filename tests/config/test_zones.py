"""Pages go by the clock of whoever reads them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from approvals.models import AgentService, Snooze
from approvals.rules.zones import ZONE_COOKIE
from tests.announcing import announce


def snoozed(client: Client, request_id: int, **posted: str) -> str:
    """Snooze a request and return until when, by the clock of Seoul."""
    assert client.post(f"/requests/{request_id}/snooze/", posted).status_code == 302
    return f"{Snooze.objects.get().until.astimezone(ZoneInfo('Asia/Seoul')):%H:%M}"


@pytest.mark.parametrize(
    ("cookie", "named", "morning", "typed"),
    [
        ("Asia/Seoul", "Until (Asia/Seoul)", "09:00", "14:30"),
        ("", "Until (UTC)", "18:00", "23:30"),
        ("../../etc/passwd", "Until (UTC)", "18:00", "23:30"),
    ],
)
def test_times_to_snooze_until_are_the_readers_and_the_servers_where_no_zone_is_known(
    client: Client, agent_service: AgentService, reviewer: User, cookie: str, named: str, morning: str, typed: str
) -> None:
    request = announce(agent_service)
    client.force_login(reviewer)
    client.cookies[ZONE_COOKIE] = cookie
    assert named in client.get(f"/requests/{request.pk}/").content.decode()
    assert snoozed(client, request.pk, until="morning") == morning
    at = f"{timezone.now() + timedelta(days=3):%Y-%m-%dT14:30}"
    assert snoozed(client, request.pk, until="at", at=at) == typed


def test_what_one_reader_is_shown_says_nothing_to_the_next(
    client: Client, agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service)
    client.force_login(reviewer)
    client.cookies[ZONE_COOKIE] = "Asia/Seoul"
    client.get(f"/requests/{request.pk}/")
    assert timezone.get_current_timezone_name() == "UTC"
