"""What is sent to an awakeable: a signed decision, or a plain answer where nobody knows of such."""

import logging
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue

from approvals.services.parcel import Parcel
from restate_bridge.contract import (
    DecisionClaims,
    Outcome,
    has_journal_keys,
    reject_text,
    sealed_text,
    sign_decision,
    traceparent,
)
from restate_bridge.ingress import Ingress

logger = logging.getLogger(__name__)

_RESOLVING = (Outcome.APPROVED, Outcome.ANSWERED)


@dataclass(frozen=True, slots=True)
class Letter:
    """A signed decision and how it is handed over.

    Attributes:
        summary: a line for people, empty for a decision that resolves.
        is_sealed: whether it is sealed with the journal key: the agent opens it.
    """

    awakeable_id: str
    token: str
    summary: str = ""
    is_sealed: bool = False

    def send(self, ingress: Ingress) -> None:
        """Hand it to Restate.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        if self.summary:
            token = sealed_text(self.token) if self.is_sealed else self.token
            ingress.reject_awakeable(self.awakeable_id, reject_text(self.summary, token))
        else:
            ingress.resolve_awakeable(self.awakeable_id, self.token, is_sealed=self.is_sealed)


@dataclass(frozen=True, slots=True)
class PlainLetter:
    """An answer to a wait that nobody announced: its code takes any value, and knows of no signatures.

    Attributes:
        value: what resolves the awakeable.
        text: what rejects it; None for what resolves.
    """

    awakeable_id: str
    value: JsonValue = None
    text: str | None = None

    def send(self, ingress: Ingress) -> None:
        """Hand it to Restate.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        if self.text is None:
            ingress.resolve_awakeable(self.awakeable_id, self.value)
        else:
            ingress.reject_awakeable(self.awakeable_id, self.text)


def plain_letter_for(parcel: Parcel) -> PlainLetter:
    """Return the letter for a delivery to a wait that was found."""
    if parcel.outcome in _RESOLVING:
        return PlainLetter(parcel.awakeable_id, value=parcel.value)
    return PlainLetter(parcel.awakeable_id, text=parcel.note)


def letter_for(parcel: Parcel, key: Ed25519PrivateKey) -> Letter:
    """Return the letter for a delivery; the same delivery makes the same letter, but for the span it is sent in."""
    claims = DecisionClaims(
        decision_id=str(parcel.decision_id),
        announcement_id=parcel.announcement_id,
        outcome=parcel.outcome,
        decided_by=parcel.decided_by,
        decided_at=parcel.decided_at,
        digest=parcel.digest,
        arguments=parcel.arguments,
        answer=parcel.answer or None,
        note=parcel.note,
        traceparent=traceparent(),
    )
    token = sign_decision(claims, key)
    if parcel.is_sealed and not has_journal_keys():
        logger.error("request %s is answered in the open: its agent has journal keys, this has none", parcel.request_id)
    if parcel.outcome in _RESOLVING:
        return Letter(parcel.awakeable_id, token, is_sealed=parcel.is_sealed)
    return Letter(parcel.awakeable_id, token, summary=_summary(parcel), is_sealed=parcel.is_sealed)


def _summary(parcel: Parcel) -> str:
    """Return the line for people before a token that rejects; where all is sealed it tells nothing of the decision."""
    if parcel.is_sealed and has_journal_keys():
        return "Decided in the inbox."
    if parcel.outcome is Outcome.REJECTED:
        return f"Rejected by {parcel.decided_by}: {parcel.note}"
    return "Nobody decided in time."
