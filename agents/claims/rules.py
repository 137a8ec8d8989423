"""The rules for expenses: pure functions of a claim and a day."""

from datetime import date, timedelta
from typing import Final

from agents.claims.claim import Category, Claim

#: Above this amount a person decides, whatever the currency.
APPROVAL_ABOVE: Final = 1_000.0
#: An expense older than this is too old to be paid by rule.
OLDEST: Final = timedelta(days=90)
#: What is usual for one expense of a kind; None has no limit of its own.
USUAL: Final[dict[Category, float | None]] = {
    Category.TRAVEL: None,
    Category.LODGING: None,
    Category.MEALS: 250.0,
    Category.EQUIPMENT: 800.0,
    Category.TRAINING: None,
    Category.OTHER: 500.0,
}
#: Single expenses from here on are risky, whatever they are for.
HIGH_RISK_FROM: Final = 10_000.0


def objections(claim: Claim, today: date) -> list[str]:
    """Return what speaks against paying the claim by rule, in sentences; empty when nothing does."""
    found = []
    usual = USUAL[claim.category]
    if usual is not None and claim.amount > usual:
        found.append(f"{claim.amount:,.2f} is more than the {usual:,.2f} that are usual for {claim.category}.")
    if claim.date > today:
        found.append(f"The expense is dated {claim.date}, which is in the future.")
    if claim.date < today - OLDEST:
        found.append(f"The expense of {claim.date} is older than {OLDEST.days} days.")
    return found


def needs_a_person(claim: Claim) -> bool:
    """Return whether the claim is too large to be decided by rule."""
    return claim.amount > APPROVAL_ABOVE


def risk_of(claim: Claim) -> str:
    """Return how risky a payment is: low, medium or high."""
    if claim.amount >= HIGH_RISK_FROM:
        return "high"
    return "medium" if needs_a_person(claim) else "low"
