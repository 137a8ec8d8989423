"""What has to be paid after the decisions, and what was paid instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chaos.facts import Decision, Facts, Payment, Request

#: Up to this amount the claims agent asks nobody, and pays what was answered about a lost receipt at once.
ASKS_ABOVE: Final = 1_000.0
_SHARES: Final = {"Pay it anyway": 1.0, "Pay half": 0.5}


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An effect that a standing decision asks for, once.

    Attributes:
        claim: the approved arguments, edits included; None when an answer names the amount alone.
    """

    request_id: int
    amount: float
    by: str
    claim: Mapping[str, Any] | None = None

    def is_met_by(self, payment: Payment) -> bool:
        """Whether this is what was paid: the same claim to the letter, on the same person's word."""
        same = payment.claim["amount"] == self.amount if self.claim is None else payment.claim == self.claim
        return same and payment.approved_by == self.by


@dataclass
class Reckoning:
    """A run's effects against what it owed: each effect pays off one debt, and what is left over stands here.

    Attributes:
        unpaid: debts without any effect.
        repeated: effects like one that has paid off its debt already.
        other: effects that no decision asked for in this form.
    """

    unpaid: list[Owed] = field(default_factory=list)
    repeated: list[Payment] = field(default_factory=list)
    other: list[Payment] = field(default_factory=list)


def owed_by(facts: Facts, run: str) -> list[Owed]:
    """Return what a run has to pay after its standing decisions."""
    return _debts(facts, run, facts.standing(run))


def owed_once(facts: Facts, run: str) -> list[Owed]:
    """Return what a run would have to pay after the decisions that were taken back."""
    requests = facts.requests_by_run[run]
    decisions = [(one, found) for one in requests for found in facts.decisions_by_request[one.id] if found.taken_back]
    return _debts(facts, run, decisions)


def reckon(facts: Facts, run: str) -> Reckoning:
    """Set off a run's effects against its debts."""
    debts = owed_by(facts, run)
    result = Reckoning(unpaid=list(debts))
    for payment in facts.payments_by_run[run]:
        paid_off = next((debt for debt in result.unpaid if debt.is_met_by(payment)), None)
        if paid_off is not None:
            result.unpaid.remove(paid_off)
        elif any(debt.is_met_by(payment) for debt in debts):
            result.repeated.append(payment)
        else:
            result.other.append(payment)
    # An effect of another form stands for a debt: that one is wrong, and not lost as well.
    del result.unpaid[: len(result.other)]
    return result


def share_of(decision: Decision) -> float:
    """Return which part of the amount an answer about a lost receipt says to pay; 0 for any other decision."""
    return _SHARES.get(decision.answer, 0.0) if decision.outcome == "answered" else 0.0


def _debts(facts: Facts, run: str, decisions: Iterable[tuple[Request, Decision]]) -> list[Owed]:
    debts = [_debt(request, decision, facts.amounts.get(run, 0.0)) for request, decision in decisions]
    return [debt for debt in debts if debt is not None]


def _debt(request: Request, decision: Decision, asked: float) -> Owed | None:
    if decision.outcome == "approved":
        claim = (decision.arguments or {}).get("claim", {})
        return Owed(request_id=request.id, amount=claim.get("amount", 0.0), by=decision.by, claim=claim)
    half_or_all = round(asked * share_of(decision), 2)
    if 0 < half_or_all <= ASKS_ABOVE:
        return Owed(request_id=request.id, amount=half_or_all, by=decision.by)
    return None
