"""The desk: a book that stands in for the card company, the merchant and the bank."""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from agents.book import Book
from agents.dispute.charge import Charge

DESK: Final = Book("dispute-desk.jsonl")
#: Up to this amount a refund needs nobody's leave.
REFUND_ABOVE: Final = 50.0
#: Older charges can be disputed by an exception only.
OLDEST_DAYS: Final = 120
#: From this score on a charge looks like fraud.
LOOKS_LIKE_FRAUD: Final = 60


def act_once(key: str, what: str, charge: Charge) -> bool:
    """Write down something that was done, once for each key; return whether it was new."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return DESK.write_once(
        f"{key} {what}", {"at": at, "key": key, "what": what, "charge": charge.model_dump(mode="json")}
    )


def slip_of(charge: Charge) -> dict[str, Any]:
    """Return the merchant's sales slip, made up: the same for the same merchant every time."""
    signed = _dice(charge.merchant)[0] % 2 == 0
    return {"merchant": charge.merchant, "signed": signed, "source": "sample data, not a real slip"}


def score_of(charge: Charge) -> dict[str, Any]:
    """Return how much a charge looks like fraud, 0 to 100: large amounts and strange merchants do."""
    score = min(40 + int(charge.amount / 50) + _dice(charge.merchant)[1] % 20, 100)
    return {"score": score, "looks_like_fraud": score >= LOOKS_LIKE_FRAUD, "source": "sample data, not a real score"}


def _dice(merchant: str) -> bytes:
    return hashlib.sha256(" ".join(merchant.split()).casefold().encode()).digest()
