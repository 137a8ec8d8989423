"""What the inbox keeps in PostgreSQL."""

from approvals.models.agent_service import AgentService
from approvals.models.audit import AuditEvent
from approvals.models.comment import Comment
from approvals.models.decision import Decision
from approvals.models.delivery import Delivery
from approvals.models.engine_sight import EngineSight
from approvals.models.escalation import Escalation
from approvals.models.known_tool import KnownTool
from approvals.models.preferences import Preferences
from approvals.models.presence import Presence
from approvals.models.request import ApprovalRequest
from approvals.models.request_group import RequestGroup
from approvals.models.saved_view import SavedView
from approvals.models.search_entry import SearchEntry
from approvals.models.snooze import Snooze
from approvals.models.stored_file import StoredFile
from approvals.models.wait_rule import WaitRule

__all__ = [
    "AgentService",
    "ApprovalRequest",
    "AuditEvent",
    "Comment",
    "Decision",
    "Delivery",
    "EngineSight",
    "Escalation",
    "KnownTool",
    "Preferences",
    "Presence",
    "RequestGroup",
    "SavedView",
    "SearchEntry",
    "Snooze",
    "StoredFile",
    "WaitRule",
]
