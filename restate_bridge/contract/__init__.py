"""The contract between an agent and the inbox: what they send each other, and how a decision is signed.

Both wings import it and nothing in it imports either: no Django, no ADK, no Restate SDK.
"""

from restate_bridge.contract.afterwards import (
    Acknowledgement,
    InvalidAnswer,
    Rebinding,
    Report,
    Verdict,
    Withdrawal,
)
from restate_bridge.contract.announcement import (
    ANSWER,
    MAX_REJECT_REASONS,
    Announcement,
    ContextEntry,
    Escalation,
    Kind,
    Question,
    Receipt,
    Risk,
)
from restate_bridge.contract.digest import UnserialisableArguments, canonical_json, digest_of
from restate_bridge.contract.files import (
    ENDINGS,
    MAX_FILE_BYTES,
    MAX_FILES,
    MEDIA_TYPES,
    FileReference,
    file_digest,
    is_of,
)
from restate_bridge.contract.keys import KeyFile, KeyFormatError, VerifyKeys, key_id, load_signing_key, load_verify_keys
from restate_bridge.contract.log_lines import AboutFilter, also_about, json_lines, logged_about
from restate_bridge.contract.state import RequestState, Travel
from restate_bridge.contract.steps import ACKNOWLEDGING, acknowledge_step, announce_step, report_step
from restate_bridge.contract.tokens import (
    DecisionClaims,
    InvalidDecision,
    claimed_decision,
    claimed_decision_id,
    reject_text,
    sign_decision,
    token_in_reject_text,
    verify_decision,
)
from restate_bridge.contract.tracing import (
    LONGEST_TRACEPARENT,
    is_traceparent,
    span,
    start_tracing,
    stop_tracing,
    trace_headers,
    traceparent,
    tracing_is_wanted,
)
from restate_bridge.contract.wire import CASE_HEADER, MAX_CASE_NAME, Outcome, RunReference

__all__ = [
    "ACKNOWLEDGING",
    "ANSWER",
    "CASE_HEADER",
    "ENDINGS",
    "LONGEST_TRACEPARENT",
    "MAX_CASE_NAME",
    "MAX_FILES",
    "MAX_FILE_BYTES",
    "MAX_REJECT_REASONS",
    "MEDIA_TYPES",
    "AboutFilter",
    "Acknowledgement",
    "Announcement",
    "ContextEntry",
    "DecisionClaims",
    "Escalation",
    "FileReference",
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
    "also_about",
    "announce_step",
    "canonical_json",
    "claimed_decision",
    "claimed_decision_id",
    "digest_of",
    "file_digest",
    "is_of",
    "is_traceparent",
    "json_lines",
    "key_id",
    "load_signing_key",
    "load_verify_keys",
    "logged_about",
    "reject_text",
    "report_step",
    "sign_decision",
    "span",
    "start_tracing",
    "stop_tracing",
    "token_in_reject_text",
    "trace_headers",
    "traceparent",
    "tracing_is_wanted",
    "verify_decision",
]
