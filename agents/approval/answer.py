"""What comes of a question."""

from dataclasses import dataclass
from typing import Any, Literal

from restate_bridge.contract import DecisionClaims, Outcome


@dataclass(frozen=True)
class Answer:
    """What came of a question.

    Attributes:
        status: ``answered``; or ``rejected`` when somebody refused to, or ``expired`` when nobody did in time; or
            ``dry_run`` when nobody was asked, see `COUNTERSIGN_DRY_RUN`.
        text: the answer, empty unless answered.
        decided_by: who, empty when expired.
        note: their words besides; may be empty.
    """

    status: Literal["answered", "rejected", "expired", "dry_run"]
    text: str = ""
    decided_by: str = ""
    note: str = ""


def answer_of(claims: DecisionClaims) -> Answer:
    """Return the answer that a decision on a question holds."""
    match claims.outcome:
        case Outcome.ANSWERED:
            return Answer("answered", claims.answer or "", claims.decided_by, claims.note)
        case Outcome.REJECTED:
            return Answer("rejected", "", claims.decided_by, claims.note)
        case _:
            return Answer("expired")


def as_told(answer: Answer) -> dict[str, Any]:
    """Return an answer as a model is told: ``{"status": "answered", "answer": …}``, without what is empty."""
    told = {"answer": answer.text, "decided_by": answer.decided_by, "note": answer.note}
    return {"status": answer.status} | {name: value for name, value in told.items() if value}
