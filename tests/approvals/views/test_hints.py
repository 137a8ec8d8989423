"""What newcomers are told, until they have seen enough of it."""

from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, Preferences
from tests.announcing import announce


def test_a_newcomer_is_told_three_things_and_never_again_once_they_have_understood(
    client: Client, agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service)
    client.force_login(reviewer)
    page = client.get(request.get_absolute_url()).content.decode()
    hints = page.partition('id="hints"')[2].partition("</section>")[0]
    assert hints.count("<li>") == 3
    answer = client.post("/preferences/hints/", {"next": request.get_absolute_url()})
    assert answer["location"] == request.get_absolute_url()
    assert 'id="hints"' not in client.get(request.get_absolute_url()).content.decode()
    assert 'id="hints"' not in client.get(announce(agent_service).get_absolute_url()).content.decode()


def test_dismissing_them_keeps_what_else_somebody_prefers(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    client.post("/preferences/", {"theme": "dark"})
    client.post("/preferences/hints/", {"next": "https://elsewhere.example/"})
    kept = Preferences.objects.get(user=reviewer)
    assert (kept.theme, kept.hints_dismissed_at is not None) == ("dark", True)


def test_nobody_is_led_elsewhere(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    assert client.post("/preferences/hints/", {"next": "//elsewhere.example/"})["location"] == "/"
