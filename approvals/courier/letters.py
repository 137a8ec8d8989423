"""What is sent to an awakeable: a signed decision."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from approvals.services.parcel import Parcel
from restate_bridge.contract import DecisionClaims, Outcome, reject_text, sign_decision
from restate_bridge.ingress import Ingress

_RESOLVING = (Outcome.APPROVED, Outcome.ANSWERED)


@dataclass(frozen=True, slots=True)
class Letter:
    """A signed decision and how it is handed over.

    Attributes:
        summary: a line for people, empty for a decision that resolves.
    """

    awakeable_id: str
    token: str
    summary: str = ""

    def send(self, ingress: Ingress) -> None:
        """Hand it to Restate.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        if self.summary:
            ingress.reject_awakeable(self.awakeable_id, reject_text(self.summary, self.token))
        else:
            ingress.resolve_awakeable(self.awakeable_id, self.token)


def letter_for(parcel: Parcel, key: Ed25519PrivateKey) -> Letter:
    """Return the letter for a delivery; the same delivery always makes the same letter."""
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
    )
    token = sign_decision(claims, key)
    if parcel.outcome in _RESOLVING:
        return Letter(parcel.awakeable_id, token)
    rejected = parcel.outcome is Outcome.REJECTED
    said = f"Rejected by {parcel.decided_by}: {parcel.note}" if rejected else "Nobody decided in time."
    return Letter(parcel.awakeable_id, token, summary=said)
