"""The record of a request in words."""

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final = {
    "request.announced": "asked",
    "request.approved": "approved",
    "request.rejected": "rejected",
    "request.answered": "answered",
    "request.expired": "let it expire: the deadline passed",
    "request.withdrawn": "withdrew the request",
    "request.asked_again": "asked again in a new request",
    "decision.recorded": "approved, more approvals are needed",
    "decision.refused": "was told not to act on a decision",
    "decision.invalid": "got something that is no valid decision, and ignored it",
    "delivery.sent": "sent the decision",
    "delivery.delayed": "could not send the decision, and tries again",
    "delivery.kept": "saw that the run is paused: the decision is kept until it is resumed",
    "delivery.received": "received the decision",
    "delivery.undeliverable": "could not deliver the decision: the run has ended",
    "delivery.unreported": "saw that the run ended without a report",
    "delivery.done": "reported that it is done",
    "delivery.failed": "reported that the tool failed",
}
# What the page shows elsewhere or has in its words already.
_NOT_NEWS: Final = ("decision", "note", "answer", "outcome")


def event_in_words(code: str, data: Mapping[str, Any]) -> str:
    """Return what an audit event says somebody did; an unknown code stays as it is."""
    words = _WORDS.get(code, code)
    return f"{words} with changes" if code == "request.approved" and data.get("changed") else words


def actor_in_words(actor: str) -> str:
    """Return who an audit actor is: a person's name, an agent service, or Countersign itself."""
    sort, _, name = actor.partition(":")
    return name if sort in ("user", "agent") and name else "Countersign"


def event_details(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is left to tell of an event's data."""
    return {name: value for name, value in data.items() if name not in _NOT_NEWS and value not in ("", [], None)}
