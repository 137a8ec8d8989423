"""What the courier takes along: all that a delivery needs, and no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from restate_bridge.contract import Outcome


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with its decision.

    Attributes:
        delivery_id: the row of the delivery.
        awakeable_id: what is to be completed.
        announcement_id: whom the signed decision is for: the id in the agent's journaled receipt.
        decided_by: how the person is called; ``Countersign`` when a deadline passed.
        digest: of what was announced.
        traceparent: the span in which it was decided; empty when nothing is traced.
        is_sealed: whether the agent opens what is sealed.
        is_found: whether nobody announced it: what is sent is no signed decision, but the value or the note.
    """

    delivery_id: int
    request_id: int
    awakeable_id: str
    announcement_id: str
    digest: str
    decision_id: UUID
    outcome: Outcome
    note: str
    answer: str
    arguments: dict[str, Any] | None
    decided_at: datetime
    decided_by: str
    traceparent: str = ""
    is_found: bool = False
    is_sealed: bool = False
    value: Any = None
