"""What is sent to an awakeable: a signed decision."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from approvals.models import Delivery
from approvals.people import display_name
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


def letter_for(delivery: Delivery, key: Ed25519PrivateKey) -> Letter:
    """Return the letter for a delivery; the same delivery always makes the same letter."""
    request, decision = delivery.request, delivery.decision
    outcome = Outcome(decision.outcome)
    decided_by = display_name(decision.reviewer) if decision.reviewer else "Countersign"
    claims = DecisionClaims(
        decision_id=str(decision.id),
        announcement_id=request.awakeable_id,
        outcome=outcome,
        decided_by=decided_by,
        decided_at=decision.decided_at,
        digest=request.digest,
        arguments=decision.arguments,
        answer=decision.answer or None,
        note=decision.note,
    )
    token = sign_decision(claims, key)
    if outcome in _RESOLVING:
        return Letter(request.awakeable_id, token)
    said = f"Rejected by {decided_by}: {decision.note}" if outcome is Outcome.REJECTED else "Nobody decided in time."
    return Letter(request.awakeable_id, token, summary=said)
