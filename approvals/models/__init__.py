"""What the inbox keeps in PostgreSQL."""

from approvals.models.agent_service import AgentService
from approvals.models.audit import AuditEvent
from approvals.models.decision import Decision
from approvals.models.delivery import Delivery
from approvals.models.engine_sight import EngineSight
from approvals.models.escalation import Escalation
from approvals.models.request import ApprovalRequest

__all__ = ["AgentService", "ApprovalRequest", "AuditEvent", "Decision", "Delivery", "EngineSight", "Escalation"]
