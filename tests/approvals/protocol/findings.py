"""What a courier may find out about a delivery that it took up once, however late."""

from datetime import datetime
from functools import partial
from typing import Final, Protocol

from approvals.services.arriving import (
    note_going_on,
    note_kept,
    note_never_reported,
    note_undeliverable,
    queue_again,
    take_over_report,
)
from approvals.services.travelling import note_trouble


class Finding(Protocol):
    """A verb that notes it."""

    def __call__(self, *, delivery_id: int, at: datetime) -> None: ...


FINDINGS: Final[dict[str, Finding]] = {
    "away": partial(note_trouble, error="Restate is away"),
    "paused": note_kept,
    "resumed": note_going_on,
    "not arrived": queue_again,
    "ended": partial(note_undeliverable, reason="the run has ended"),
    "ended after it received it": partial(note_never_reported, reason="the run has ended"),
    "ended well behind its report": take_over_report,
}
