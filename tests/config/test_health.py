"""What machines are told about this process."""

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from approvals.models import EngineSight
from approvals.selectors import migrations


def test_a_process_lives_without_a_database(client: Client) -> None:
    # The fixture for the database is missing: whoever asks it fails.
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_a_process_with_all_its_tables_is_ready(client: Client) -> None:
    response = client.get("/health/ready")
    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.mark.django_db
def test_a_process_whose_database_lacks_tables_is_not_ready(client: Client) -> None:
    written = migrations._written() | {("approvals", "9999_not_applied")}
    with patch("approvals.selectors.migrations._written", return_value=written):
        response = client.get("/health/ready")
    assert (response.status_code, response.text) == (503, "the database lacks 1 migrations, run migrate\n")


def test_a_process_without_its_database_is_not_ready_and_keeps_the_reason_to_itself(client: Client) -> None:
    with patch("config.health.unapplied_migrations", side_effect=OperationalError("password=hidden")):
        response = client.get("/health/ready")
    assert (response.status_code, response.text) == (503, "the database is away\n")


@pytest.mark.django_db
def test_restate_being_away_leaves_the_inbox_ready_and_is_mentioned(client: Client) -> None:
    EngineSight.objects.create(pk=1, looked_at=timezone.now(), away_since=timezone.now(), problem="hidden")
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert "Restate is away" in response.text
    assert "hidden" not in response.text
