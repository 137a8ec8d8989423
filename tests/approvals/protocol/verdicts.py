"""What agents were told: that a decision may be acted upon."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.approvals.protocol.records import Records


@dataclass(frozen=True)
class Go:
    """An agent was told to act on a decision.

    Attributes:
        request: the request's key.
        decision_id: the id in the signed decision.
    """

    request: Any
    decision_id: str


def broken_promises(told: Iterable[Go], records: Records) -> Iterator[str]:
    """Say which verdicts do not stand: one decision a request, which settles it, is not taken back and has arrived."""
    for go in told:
        settling = [row for row in records.of(records.decisions, go.request) if row["settles"]]
        signed = [str(row["kept_from_id"] or row["id"]) for row in settling if not row["taken_back_at"]]
        if signed != [go.decision_id]:
            yield f"request {go.request}: an agent acts on {go.decision_id}, and {signed} settles it"
        if not any(row["received_at"] for row in records.of(records.deliveries, go.request)):
            yield f"request {go.request}: an agent acts on {go.decision_id}, and nobody knows"
