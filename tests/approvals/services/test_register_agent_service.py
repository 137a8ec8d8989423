"""Who may announce."""

import pytest
from django.core.management import CommandError, call_command

from approvals.models import AgentService
from approvals.selectors.agents import agent_service_for
from approvals.services.agents import RevokedToken, register_agent_service

OLD, NEW = "o" * 40, "n" * 40


@pytest.mark.django_db
def test_a_new_token_replaces_the_old_one() -> None:
    register_agent_service(name="samples", token=OLD)
    register_agent_service(name="samples", token=NEW)
    assert agent_service_for(OLD) is None
    assert agent_service_for(NEW) is not None


@pytest.mark.django_db
def test_a_revoked_token_never_works_again_but_the_service_can_have_a_new_one() -> None:
    service = register_agent_service(name="samples", token=OLD)
    AgentService.objects.update(revoked_at=service.created_at)
    with pytest.raises(RevokedToken):
        register_agent_service(name="samples", token=OLD)
    assert agent_service_for(OLD) is None
    register_agent_service(name="samples", token=NEW)
    assert agent_service_for(NEW) is not None


@pytest.mark.django_db
def test_the_command_refuses_a_short_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_AGENT_TOKEN", "short")
    with pytest.raises(CommandError, match="32 characters"):
        call_command("register_agent_service", "samples")
