"""Which status a request may take, and which state its delivery may take."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a request stands.

    Every status but pending is final, except that a person's decision can be taken back until it is sent.
    """

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    """How far a decision has travelled.

    ``queued``: the courier has it to send. ``sent``: Restate took it, which proves nothing yet. ``kept``: Restate keeps
    it until the paused run is resumed. ``received``: the agent has verified and acknowledged it. ``done`` and
    ``failed``: the agent has reported what came of it. ``undeliverable``: the run has ended without it.
    """

    QUEUED = "queued"
    SENT = "sent"
    KEPT = "kept"
    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"
    UNDELIVERABLE = "undeliverable"


class IllegalTransition(Exception):
    """A transition that the lifecycle table does not hold."""


# What a person decided can be taken back until the courier sends it.
_TAKEN_BACK: Final = frozenset({Status.PENDING})
STATUS_TABLE: Final[Mapping[Status, frozenset[Status]]] = {
    Status.PENDING: frozenset(Status) - {Status.PENDING},
    Status.APPROVED: _TAKEN_BACK,
    Status.REJECTED: _TAKEN_BACK,
    Status.ANSWERED: _TAKEN_BACK,
    Status.EXPIRED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}

# A killed agent may acknowledge before the courier has noted its own 202, so `queued` leads to `received` as well.
# What looked undeliverable may still be acknowledged by a run that the engine had lost sight of.
_ON_THE_WAY: Final = frozenset(
    {DeliveryState.SENT, DeliveryState.KEPT, DeliveryState.RECEIVED, DeliveryState.UNDELIVERABLE}
)
DELIVERY_TABLE: Final[Mapping[DeliveryState, frozenset[DeliveryState]]] = {
    DeliveryState.QUEUED: _ON_THE_WAY,
    # Back to `queued` when Restate took it and the run's journal does not hold it.
    DeliveryState.SENT: _ON_THE_WAY - {DeliveryState.SENT} | {DeliveryState.QUEUED},
    DeliveryState.KEPT: _ON_THE_WAY - {DeliveryState.KEPT} | {DeliveryState.QUEUED},
    DeliveryState.RECEIVED: frozenset({DeliveryState.DONE, DeliveryState.FAILED}),
    DeliveryState.DONE: frozenset(),
    # Only while nobody has reported: a run that was lost sight of may come back and tell what came of it.
    DeliveryState.FAILED: frozenset({DeliveryState.DONE, DeliveryState.FAILED}),
    DeliveryState.UNDELIVERABLE: frozenset({DeliveryState.RECEIVED}),
}


def check_status(old: Status, new: Status) -> None:
    """Raise `IllegalTransition` unless a request may go from ``old`` to ``new``."""
    if new not in STATUS_TABLE[old]:
        raise IllegalTransition(f"a request that is {old} can't become {new}")


def check_delivery(old: DeliveryState, new: DeliveryState) -> None:
    """Raise `IllegalTransition` unless a delivery may go from ``old`` to ``new``."""
    if new not in DELIVERY_TABLE[old]:
        raise IllegalTransition(f"a delivery that is {old} can't become {new}")
