"""The ledger of payments: a book that stands in for a bank."""

from typing import Any, Final

from agents.book import Book

LEDGER: Final = Book("claims-ledger.jsonl")


def pay_once(payment_id: str, entry: dict[str, Any]) -> bool:
    """Write a payment unless it was made already; return whether it was new."""
    return LEDGER.write_once(payment_id, entry)


def count_paid(claim: dict[str, Any]) -> int:
    """Return how many payments were made for a claim that has all these values."""
    return sum(claim.items() <= _claim_of(entry).items() for entry in LEDGER.entries())


def _claim_of(entry: dict[str, Any]) -> dict[str, Any]:
    claim = entry.get("claim")
    return claim if isinstance(claim, dict) else {}
