"""What each reviewer was told about a request, next to what the database holds of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from chaos.facts import Acknowledged, Decision, Facts, SecondThought, Told, grouped


@dataclass(frozen=True, kw_only=True)
class Account:
    """One reviewer and one request, each list oldest first.

    An answer of the web may get lost: so the database can hold decisions, and know of some that were taken back, of
    which the reviewer heard nothing. Nobody takes back what was not acknowledged to them.
    """

    request_id: int
    reviewer: str
    acknowledged: Sequence[Acknowledged]
    second_thoughts: Sequence[SecondThought]
    held: Sequence[Decision]

    @property
    def ids(self) -> dict[str, object]:
        """What a finding is looked up by."""
        return {"request": self.request_id, "reviewer": self.reviewer}

    @property
    def taken_back(self) -> int:
        """How many of the decisions were taken back."""
        return sum(decision.taken_back for decision in self.held)

    @property
    def still_acknowledged(self) -> int:
        """How many decisions were acknowledged and not taken back since."""
        return max(0, len(self.acknowledged) - self.taken_back)

    @property
    def contradicted(self) -> Acknowledged | None:
        """The first that was acknowledged otherwise than it is held; None too when the decision itself is missing."""
        if len(self.acknowledged) > len(self.held):
            return None
        # In the same order, but some that are held were never acknowledged.
        rest = iter(self.held)
        return next((taken for taken in self.acknowledged if not any(_agree(taken, one) for one in rest)), None)

    def times_told(self, told: Told) -> int:
        """Return how many second thoughts got this answer."""
        return sum(thought.told is told for thought in self.second_thoughts)


def accounts(facts: Facts) -> list[Account]:
    """Return one for everybody who decided a request, or was told so."""
    acknowledged = grouped(((taken.request_id, taken.reviewer), taken) for taken in facts.acknowledged)
    thoughts = grouped(((thought.request_id, thought.reviewer), thought) for thought in facts.second_thoughts)
    held = grouped(((decision.request_id, decision.by), decision) for decision in facts.decisions)
    return [
        Account(
            request_id=key[0],
            reviewer=key[1],
            acknowledged=acknowledged[key],
            second_thoughts=thoughts[key],
            held=held[key],
        )
        for key in dict.fromkeys([*acknowledged, *thoughts, *held])
    ]


def _agree(taken: Acknowledged, decision: Decision) -> bool:
    kept = (decision.arguments or {}).get("claim", {}).get("amount")
    same_amount = taken.amount is None or taken.amount == kept
    return same_amount and (taken.outcome, taken.answer) == (decision.outcome, decision.answer)
