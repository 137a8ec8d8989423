"""What comes of a question."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from restate_bridge.contract import DecisionClaims, Outcome


@dataclass(frozen=True)
class Answer[T]:
    """What came of a question.

    Attributes:
        status: ``answered``; or ``rejected`` when somebody refused to, or ``expired`` when nobody did in time; or
            ``dry_run`` when nobody was asked, see `COUNTERSIGN_DRY_RUN`.
        text: the answer, empty unless answered; of a form, what was filled in as JSON.
        decided_by: who, empty when expired.
        note: their words besides; may be empty.
        value: the answer as it was asked for: the filled-in form, else the text; None unless answered.
    """

    status: Literal["answered", "rejected", "expired", "dry_run"]
    text: str = ""
    decided_by: str = ""
    note: str = ""
    value: T | None = None


def answer_of[T](claims: DecisionClaims, value: T, text: str) -> Answer[T]:
    """Return the answer that a decision on a question holds; ``value`` and ``text`` are it, when there is one."""
    match claims.outcome:
        case Outcome.ANSWERED:
            return Answer("answered", text, claims.decided_by, claims.note, value)
        case Outcome.REJECTED:
            return Answer("rejected", "", claims.decided_by, claims.note)
        case _:
            return Answer("expired")


def as_told(answer: Answer[Any]) -> dict[str, Any]:
    """Return an answer as a model is told: ``{"status": "answered", "answer": …}``, without what is empty."""
    filled = answer.value
    said = filled.model_dump(mode="json", by_alias=True) if isinstance(filled, BaseModel) else answer.text
    told = {"answer": said, "decided_by": answer.decided_by, "note": answer.note}
    return {"status": answer.status} | {name: value for name, value in told.items() if value}
