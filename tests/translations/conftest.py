"""A reader of Korean, while Restate is away: the page says that too."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, EngineSight
from approvals.services.preferences import prefer
from tests.announcing import announce


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


@pytest.fixture
def client(reviewer: User) -> Client:
    prefer(user=reviewer, language="ko")
    reviewer.user_permissions.set(Permission.objects.filter(codename="view_run"))
    reviewer.groups.add(Group.objects.create(name="treasury"))
    EngineSight.objects.create(
        pk=1, looked_at=timezone.now(), away_since=timezone.now(), problem="Restate can't be reached"
    )
    client = Client()
    client.force_login(reviewer)
    return client
