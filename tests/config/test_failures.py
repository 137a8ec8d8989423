"""What is answered when a page could not be made."""

from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("the connection is lost"), 503, "The database is away"),
        (RuntimeError("a defect"), 500, "Something broke on our side"),
    ],
)
def test_a_database_that_is_away_is_no_defect(reviewer: User, error: Exception, status: int, words: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(reviewer)
    with patch("approvals.views.inbox.queue_context", side_effect=error):
        response = client.get("/")
    assert response.status_code == status
    assert words in response.text
    assert response.has_header("Retry-After") == (status == 503)
    assert "lost" not in response.text
