"""A listener for each test's event loop, and somebody to listen."""

from collections.abc import AsyncIterator

import pytest
from django.contrib.auth.models import Group, User

from approvals.live import listener
from approvals.models import AgentService
from approvals.services.agents import register_agent_service


@pytest.fixture
def agent_service(db: None) -> AgentService:
    return register_agent_service(name="samples", token="t" * 40)


@pytest.fixture
def reviewer(db: None) -> User:
    user = User.objects.create_user("reviewer")
    user.groups.add(Group.objects.create(name="finance"))
    return user


@pytest.fixture
async def listening() -> AsyncIterator[None]:
    """A listener for this test's event loop alone."""
    listener.ensure_listening()
    # Only a connection that listens already hears what a test does next.
    await listener.wait_until_listening()
    yield
    await listener.stop_listening()
