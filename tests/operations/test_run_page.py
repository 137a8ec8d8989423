"""The page of one run."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService
from restate_bridge.admin import Admin
from tests.announcing import announce
from tests.engine.engine import Engine


@pytest.fixture
def operator(client: Client, db: None) -> User:
    user = User.objects.create_superuser("operator")
    client.force_login(user)
    return user


@pytest.fixture
def with_engine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Have pages ask the tests' engine."""
    admin = Admin(engine.server.admin_url)
    monkeypatch.setattr("approvals.selectors.runs.admin_for_pages", lambda: admin)
    return engine


def test_a_run_shows_its_state_its_steps_and_its_requests(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, finance: object
) -> None:
    run = with_engine.start_waiting()
    announce(agent_service, invocation_id=run, title="What it waits for")
    shown = client.get(f"/runs/{run}/").content.decode()
    for part in ("Waiting", "suspended", "note the id", "What it waits for", run):
        assert part in shown


def test_a_run_that_the_engine_does_not_know_says_so(client: Client, operator: User, with_engine: Engine) -> None:
    response = client.get("/runs/inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu/")
    assert "no longer" in response.content.decode()


def test_what_is_no_run_is_not_found(client: Client, operator: User) -> None:
    assert client.get("/runs/nonsense/").status_code == 404


def test_the_engine_being_away_is_said_and_is_no_error(client: Client, operator: User) -> None:
    response = client.get("/runs/inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu/")
    assert response.status_code == 200
    assert "Restate" in response.content.decode()
