"""Who may announce."""

from django.db import transaction

from approvals.models import AgentService
from approvals.selectors.agents import hash_token


@transaction.atomic
def register_agent_service(*, name: str, token: str) -> AgentService:
    """Register an agent service, or give a registered one a new token; the old token stops working."""
    service, _ = AgentService.objects.update_or_create(
        name=name, defaults={"token_hash": hash_token(token), "revoked_at": None}
    )
    return service
