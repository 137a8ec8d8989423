"""Agent services and what they announced."""

import hashlib

from approvals.models import AgentService, ApprovalRequest


def hash_token(token: str) -> str:
    """Return what is kept of a token. Tokens are long and random, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def agent_service_for(token: str) -> AgentService | None:
    """Return the service whose token this is, unless it was revoked."""
    return AgentService.objects.filter(token_hash=hash_token(token), revoked_at=None).first()


def is_announced(agent_service: AgentService, awakeable_id: str) -> bool:
    """Tell whether the inbox has a request for an awakeable of this service's."""
    return ApprovalRequest.objects.filter(announced_by=agent_service, awakeable_id=awakeable_id).exists()
