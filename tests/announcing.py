"""Announcements for tests: plausible, unique, and changed only where a test says so."""

import secrets
from typing import Any

from approvals.models import AgentService, ApprovalRequest
from approvals.services.announce import announce_request
from restate_bridge.contract import Announcement, digest_of
from restate_bridge.ids import awakeable_id

CLAIM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"claim": {"$ref": "#/$defs/Claim"}},
    "required": ["claim"],
    "$defs": {
        "Claim": {
            "type": "object",
            "properties": {
                "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 100000},
                "category": {"enum": ["hotel", "travel"], "type": "string"},
                "date": {"type": "string", "format": "date"},
                "reason": {"type": "string", "minLength": 1, "maxLength": 500},
            },
            "required": ["amount", "category", "reason"],
        }
    },
}
CLAIM: dict[str, Any] = {
    "claim": {"amount": 1800.0, "category": "hotel", "date": "2026-04-24", "reason": "Business trip, 5 nights"}
}


def invocation_id() -> str:
    """Return a new id of a run, of the form that Restate gives."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    # Leading zeros keep both numbers within their 8 and 16 bytes.
    return (
        "inv_1"
        "0"
        + "".join(secrets.choice(digits) for _ in range(10))
        + "0"
        + "".join(secrets.choice(digits) for _ in range(21))
    )


def announcement(**overrides: Any) -> Announcement:
    """Return an announcement of a claim that needs approval."""
    run = overrides.pop("invocation_id", None) or invocation_id()
    tool = overrides.get("tool", "reimburse")
    arguments = overrides.get("arguments", CLAIM)
    values: dict[str, Any] = {
        "kind": "approval",
        "title": "Reimburse hotel: 1,800 USD",
        "agent": "claims_agent",
        "tool": tool,
        "arguments": arguments,
        "arguments_schema": CLAIM_SCHEMA if arguments is CLAIM else {"type": "object"},
        "editable": ["claim.amount", "claim.reason"] if arguments is CLAIM else [],
        "digest": digest_of(tool, arguments),
        "groups": ["finance"],
        "requester": "requester",
        "reason": "The amount is above the limit.",
        "run": {"invocation_id": run, "service": "Claims", "handler": "ask", "key": "k1", "session_id": "k1"},
        "context": [{"author": "requester", "kind": "message", "text": "Reimburse my hotel."}],
    }
    return Announcement.model_validate(values | overrides)


def question(**overrides: Any) -> Announcement:
    """Return an announcement of a question."""
    asked = overrides.pop("question", {"text": "Which supplier?", "choices": ["Hanil", "Dongbang"]})
    values = {"kind": "question", "title": asked["text"], "tool": "ask_a_person", "arguments": asked}
    return announcement(**{**values, "question": asked, **overrides})


PICKUP_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "question": {"type": "string", "title": "Question"},
        "answer": {
            "type": "object",
            "title": "Pickup",
            "properties": {
                "address": {"type": "string", "minLength": 3, "description": "Street and number"},
                "on": {"type": "string", "format": "date"},
                "parcels": {"type": "integer", "minimum": 1, "default": 2},
            },
            "required": ["address", "on"],
        },
    },
    "required": ["question", "answer"],
    "additionalProperties": False,
}


def form_question(**overrides: Any) -> Announcement:
    """Return an announcement of a question that is answered by filling in fields."""
    text = "Where can it be picked up?"
    schema = {"arguments_schema": PICKUP_SCHEMA, "editable": ["answer"]}
    return question(question={"text": text}, **{"arguments": {"question": text}, **schema, **overrides})


def announce(agent_service: AgentService, wanted: Announcement | None = None, **overrides: Any) -> ApprovalRequest:
    """Announce to the inbox and return the request."""
    wanted = wanted or announcement(**overrides)
    request, _ = announce_request(
        agent_service=agent_service, awakeable_id=awakeable_id(wanted.run.invocation_id), announcement=wanted
    )
    return request


def announcer_of(request: ApprovalRequest) -> AgentService:
    """Return who announced a request."""
    assert request.announced_by is not None
    return request.announced_by
