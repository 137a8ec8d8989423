"""Ask a person before an ADK tool runs, for as long as it takes.

Put `requires_approval` on a tool function, or call `ask_human` inside one. The run pauses without holding a process
until somebody has decided in the inbox; a crash in between loses nothing.

    @requires_approval(title="Pay {invoice.amount:,.2f} to {invoice.supplier}", groups=("finance",))
    async def pay(invoice: Invoice) -> dict[str, str]:
        "Pay an invoice."

Where the inbox is, and whose decisions count, is told by the environment: see `Countersign`.
"""

from agents.approval.agreement import Needs, request_agreement
from agents.approval.answer import Answer
from agents.approval.callers import Caller, idempotency_key, in_handler
from agents.approval.configuration import Countersign
from agents.approval.durable import current_decision
from agents.approval.durable_tool import durable_tool
from agents.approval.errors import (
    ConfigurationError,
    InboxError,
    NoRestateContext,
    NotGateable,
    RequestRefused,
)
from agents.approval.escalation import Escalation
from agents.approval.files import File
from agents.approval.gate import requires_approval
from agents.approval.memory import SessionMemory
from agents.approval.plugins import durable_plugins
from agents.approval.question import ask_human
from agents.approval.question_tool import ask_human_tool
from agents.approval.results import Result
from agents.approval.retry import Retry
from agents.approval.sealing import journal_codec, key_is_here
from agents.approval.teamwork import Answered, Errand, ask_agents
from agents.approval.together import request_approval, request_approvals
from agents.approval.undoing import UndoOnFailure
from restate_bridge.contract import Risk

__all__ = [
    "Answer",
    "Answered",
    "Caller",
    "ConfigurationError",
    "Countersign",
    "Errand",
    "Escalation",
    "File",
    "InboxError",
    "Needs",
    "NoRestateContext",
    "NotGateable",
    "RequestRefused",
    "Result",
    "Retry",
    "Risk",
    "SessionMemory",
    "UndoOnFailure",
    "ask_agents",
    "ask_human",
    "ask_human_tool",
    "current_decision",
    "durable_plugins",
    "durable_tool",
    "idempotency_key",
    "in_handler",
    "journal_codec",
    "key_is_here",
    "request_agreement",
    "request_approval",
    "request_approvals",
    "requires_approval",
]
