"""What the model is told, and what the inbox is told, when a request is settled."""

from typing import Any

from pydantic import JsonValue

from agents.approval.paths import changes
from restate_bridge.contract import DecisionClaims, Report, UnserialisableArguments, canonical_json
from restate_bridge.contract.afterwards import MAX_RESULT_BYTES

type Told = dict[str, Any]


def approved(claims: DecisionClaims, asked: dict[str, JsonValue], result: JsonValue) -> Told:
    """Return ``{"status": "approved", "result": …}``, or ``approved_with_changes`` and what was changed."""
    told: Told = {"status": "approved", "decided_by": claims.decided_by}
    if changed := changes(asked, final_arguments(claims, asked)):
        told |= {"status": "approved_with_changes", "changed": changed}
    return _noted(told | {"result": result}, claims)


def rejected(claims: DecisionClaims) -> Told:
    """Return ``{"status": "rejected", "reason": …, "decided_by": …}``."""
    return {"status": "rejected", "reason": claims.note or "No reason was given.", "decided_by": claims.decided_by}


def expired() -> Told:
    """Return ``{"status": "expired", …}``: nobody decided, which is no rejection."""
    return {"status": "expired", "note": "Nobody decided before the deadline. Nothing was done; nobody said no."}


def failed(error: str) -> Told:
    """Return ``{"status": "failed", "error": …}``."""
    return {"status": "failed", "error": error}


def not_needed(result: JsonValue) -> Told:
    """Return ``{"status": "not_needed", "result": …}``."""
    return {"status": "not_needed", "result": result}


def final_arguments(claims: DecisionClaims, asked: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the arguments to run with: the decision's, or the ones asked for when it names none."""
    return asked if claims.arguments is None else claims.arguments


def done(result: JsonValue) -> Report:
    """Return a report of success; a result that the inbox doesn't take is replaced by a note that says so."""
    return Report(state="done", result=_reportable(result))


def failure(error: str) -> Report:
    """Return a report of failure."""
    return Report(state="failed", result=_reportable(error))


def _noted(told: Told, claims: DecisionClaims) -> Told:
    return told | {"note": claims.note} if claims.note else told


def _reportable(result: JsonValue) -> JsonValue:
    try:
        size = len(canonical_json(result))
    except UnserialisableArguments as error:
        return {"not_shown": f"The result has no exact JSON form: {error}"}
    if size > MAX_RESULT_BYTES:
        return {"not_shown": f"The result is {size:,} bytes long; at most {MAX_RESULT_BYTES:,} are reported."}
    return result
