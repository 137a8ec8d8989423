"""The contract between an agent and the inbox: what they send each other, and how a decision is signed.

Both wings import it and nothing in it imports either: no Django, no ADK, no Restate SDK.
"""

from restate_bridge.contract.digest import UnserialisableArguments, canonical_json, digest_of
from restate_bridge.contract.keys import KeyFile, KeyFormatError, VerifyKeys, key_id, load_signing_key, load_verify_keys
from restate_bridge.contract.state import RequestState, Travel
from restate_bridge.contract.steps import acknowledge_step, report_step
from restate_bridge.contract.tokens import (
    DecisionClaims,
    InvalidDecision,
    claimed_decision_id,
    reject_text,
    sign_decision,
    token_in_reject_text,
    verify_decision,
)
from restate_bridge.contract.wire import (
    Acknowledgement,
    Announcement,
    ContextEntry,
    Escalation,
    InvalidAnswer,
    Kind,
    Outcome,
    Question,
    Rebinding,
    Receipt,
    Report,
    Risk,
    RunReference,
    Verdict,
    Withdrawal,
)

__all__ = [
    "Acknowledgement",
    "Announcement",
    "ContextEntry",
    "DecisionClaims",
    "Escalation",
    "InvalidAnswer",
    "InvalidDecision",
    "KeyFile",
    "KeyFormatError",
    "Kind",
    "Outcome",
    "Question",
    "Rebinding",
    "Receipt",
    "Report",
    "RequestState",
    "Risk",
    "RunReference",
    "Travel",
    "UnserialisableArguments",
    "Verdict",
    "VerifyKeys",
    "Withdrawal",
    "acknowledge_step",
    "canonical_json",
    "claimed_decision_id",
    "digest_of",
    "key_id",
    "load_signing_key",
    "load_verify_keys",
    "reject_text",
    "report_step",
    "sign_decision",
    "token_in_reject_text",
    "verify_decision",
]
