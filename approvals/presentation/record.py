"""The record of a request in words."""

from collections.abc import Mapping
from typing import Any, Final

from approvals.presentation.escalations import listed

_WORDS: Final = {
    "request.announced": "asked",
    "request.approved": "approved",
    "request.rejected": "rejected",
    "request.answered": "answered",
    "request.expired": "let it expire: the deadline passed",
    "request.withdrawn": "withdrew the request",
    "request.asked_again": "asked again in a new request",
    "request.missing": "saw that Restate does not know the run any more",
    "request.found": "saw that Restate knows the run again",
    "request.restarted": "noted that the run was restarted from a step",
    "request.decision_kept": "noted that the restarted run goes on with the decision from before",
    "request.escalated": "asked others too",
    "request.reminded": "reminded those who may decide",
    "decision.recorded": "approved, more approvals are needed",
    "decision.taken_back": "took the decision back before it was sent",
    "decision.refused": "was told not to act on a decision",
    "decision.invalid": "got something that is no valid decision, and ignored it",
    "delivery.sent": "sent the decision",
    "delivery.delayed": "could not send the decision, and tries again",
    "delivery.kept": "saw that the run is paused: the decision is kept until it is resumed",
    "delivery.received": "received the decision",
    "delivery.undeliverable": "could not deliver the decision",
    "delivery.queued_again": "saw that the run does not have the decision, and sends it again",
    "delivery.overtaken": "did not deliver the decision: the agent has asked again",
    "delivery.reported_before": "took over what the run reported before it was restarted",
    "delivery.unreported": "saw that the run ended without a report",
    "delivery.done": "reported that it is done",
    "delivery.failed": "reported a failure",
}
# What the page shows elsewhere or has in its words already.
_NOT_NEWS: Final = ("decision", "note", "answer", "outcome", "reason")
_TOLD: Final = {"request.escalated": ("groups",), "request.reminded": ("reminded",)}
_TAKEN_BACK: Final = {"approved": "approval", "rejected": "rejection", "answered": "answer"}


def event_in_words(code: str, data: Mapping[str, Any]) -> str:
    """Return what an audit event says somebody did; an unknown code stays as it is."""
    words = _WORDS.get(code, code)
    match code:
        case "request.approved" if data.get("changed"):
            return f"{words} with changes"
        case "decision.taken_back" if data.get("outcome") in _TAKEN_BACK:
            return f"took the {_TAKEN_BACK[data['outcome']]} back"
        case "request.escalated" if data.get("groups"):
            return f"asked {listed(data['groups'])} too"
        case "request.reminded" if data.get("reminded"):
            return f"reminded {listed(data['reminded'])}"
    return words


def event_reason(data: Mapping[str, Any]) -> str:
    """Return why it happened as a sentence, empty when the event does not say."""
    reason = data.get("reason")
    return f"{reason[0].upper()}{reason[1:].rstrip('.')}." if isinstance(reason, str) and reason else ""


def actor_in_words(actor: str) -> str:
    """Return who an audit actor is: a person's name, an agent service, or Countersign itself."""
    sort, _, name = actor.partition(":")
    return name if sort in ("user", "agent") and name else "Countersign"


def event_details(code: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is left to tell of an event's data."""
    told = (*_NOT_NEWS, *_TOLD.get(code, ()))
    return {name: value for name, value in data.items() if name not in told and value not in ("", [], None)}
