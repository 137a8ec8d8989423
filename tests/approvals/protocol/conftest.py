"""The cast of the protocol's tests."""

import pytest
from django.contrib.auth.models import Group, User

from approvals.models import AgentService
from tests.approvals.protocol.world import World


@pytest.fixture
def world(
    agent_service: AgentService, reviewer: User, second_reviewer: User, requester: User, outsider: User, finance: Group
) -> World:
    """Two reviewers, an outsider who is asked later, and a requester who is a member of both groups."""
    requester.groups.add(finance, *outsider.groups.all())
    people = {user.username: user for user in (reviewer, second_reviewer, requester, outsider)}
    return World(agent_service, people)
