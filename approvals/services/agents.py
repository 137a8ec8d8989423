"""Who may announce."""

from django.db import transaction

from approvals.models import AgentService
from approvals.selectors.agents import hash_token


class RevokedToken(ValueError):
    """The token was revoked: it may have leaked, so it never works again."""


@transaction.atomic
def register_agent_service(*, name: str, token: str) -> AgentService:
    """Register an agent service, or give a registered one a new token; the old token stops working.

    Raises:
        RevokedToken: the service was revoked with this very token.
    """
    token_hash = hash_token(token)
    if AgentService.objects.filter(token_hash=token_hash, revoked_at__isnull=False).exists():
        raise RevokedToken(f"the token of {name} was revoked: make a new one")
    service, _ = AgentService.objects.update_or_create(
        name=name, defaults={"token_hash": token_hash, "revoked_at": None}
    )
    return service
