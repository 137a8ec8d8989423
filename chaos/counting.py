"""The count: what of everything that was asked, decided and done is lost, doubled, wrong or stuck."""

from collections.abc import Mapping, Sequence

from chaos.doubled import doubled
from chaos.facts import Facts, Finding
from chaos.lost import lost
from chaos.stuck import stuck
from chaos.wrong import wrong


def findings(facts: Facts) -> Mapping[str, Sequence[Finding]]:
    """Return the findings by kind; each kind is a module of its own, whose docstring says what belongs to it."""
    return {"lost": lost(facts), "doubled": doubled(facts), "wrong": wrong(facts), "stuck": stuck(facts)}


def totals(facts: Facts) -> dict[str, int]:
    """Return how many requests, settling decisions and effects there are, and how many findings of each kind."""
    counts = {
        "requests": len(facts.requests),
        "decisions": sum(decision.counts for decision in facts.decisions),
        "effects": len(facts.payments),
    }
    return counts | {kind: len(found) for kind, found in findings(facts).items()}
