"""A deadline passes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.errors import AlreadySettled
from approvals.models import AgentService, Delivery
from approvals.services.decide import approve_request
from approvals.services.expire import expire_next_request
from tests.announcing import announce


def test_a_passed_deadline_expires_the_request_and_the_agent_will_be_told(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, deadline_seconds=3600)
    assert expire_next_request(now=timezone.now()) is None
    assert expire_next_request(now=timezone.now() + timedelta(hours=2)) == request
    request.refresh_from_db()
    assert request.status == "expired"
    assert Delivery.objects.get(request=request).decision.reviewer is None
    assert request.events.get(code="request.expired").actor == "courier"


def test_an_expired_request_cannot_be_decided_any_more(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, deadline_seconds=1)
    expire_next_request(now=timezone.now() + timedelta(hours=1))
    with pytest.raises(AlreadySettled):
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)


def test_a_decided_request_and_one_without_a_deadline_never_expire(agent_service: AgentService, reviewer: User) -> None:
    decided = announce(agent_service, deadline_seconds=1)
    approve_request(request_id=decided.pk, reviewer=reviewer, seen=decided.digest)
    announce(agent_service)
    assert expire_next_request(now=timezone.now() + timedelta(days=400)) is None
