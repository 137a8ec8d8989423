"""The cast again, for tests whose transactions are real, and the courier's rounds against the engine."""

import pytest
from django.contrib.auth.models import Group, User

from approvals.courier.reconciler import Reconciler
from approvals.courier.sending import Sending
from approvals.models import AgentService
from approvals.services.agents import register_agent_service
from tests.approvals.courier.rounds import reconciler_of, sending_by
from tests.engine.engine import Engine


@pytest.fixture
def reviewer(db: None) -> User:
    """A member of the group that decides."""
    user = User.objects.create_user("reviewer")
    user.groups.add(Group.objects.create(name="finance"))
    return user


@pytest.fixture
def agent_service(db: None) -> AgentService:
    """The process that hosts agents."""
    return register_agent_service(name="samples", token="t" * 40)


@pytest.fixture
def sending(engine: Engine) -> Sending:
    """The round that sends."""
    return sending_by(engine.ingress)


@pytest.fixture
def reconciler(engine: Engine) -> Reconciler:
    """The round that compares."""
    return reconciler_of(engine.server.ingress_url, engine.admin)
