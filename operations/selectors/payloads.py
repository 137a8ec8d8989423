"""What the steps of a run hold. Private: whoever is shown it, `operations.services.looking` has recorded it before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from approvals.engine import admin_for_pages
from approvals.models import Decision
from restate_bridge.errors import BridgeError
from restate_bridge.journal import JournalStretch, read_bodies, within

_KB: Final = 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is read: of one entry, and of all together, in bytes."""

    one: int
    together: int


#: A page of many steps reads what is small; the rest waits until somebody asks for that step alone.
MANY: Final = Bounds(64 * _KB, 512 * _KB)
ALONE: Final = Bounds(2_048 * _KB, 4_096 * _KB)


@dataclass(frozen=True, slots=True)
class Payloads:
    """What entries hold, by their indexes.

    Attributes:
        bodies: see `restate_bridge.journal.read_bodies`.
        left_out: the size in bytes of those that were too large to be read.
        away: why nothing could be read, empty when the engine answered.
    """

    bodies: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    left_out: Mapping[int, int] = field(default_factory=dict)
    away: str = ""


def payloads_of(invocation_id: str, stretch: JournalStretch, bounds: Bounds) -> Payloads:
    """Return what the entries of a stretch hold, and what completed them; the engine being away is part of the answer.

    Nobody shares these answers: they are private, and kept nowhere.
    """
    lines = sorted([*stretch.lines, *stretch.completions.values()], key=lambda line: line.index)
    wanted, left_out = within(lines, one=bounds.one, together=bounds.together)
    try:
        return Payloads(read_bodies(admin_for_pages(), invocation_id, wanted), left_out)
    except BridgeError as error:
        return Payloads(away=str(error))


def decisions_on_record(awakeable_ids: Collection[str]) -> dict[str, Decision]:
    """Return the decisions that the inbox has made, with their requests and people, by the awakeables they settled."""
    settled = Decision.objects.filter(request__awakeable_id__in=awakeable_ids, settles=True)
    made = settled.select_related("request", "reviewer") if awakeable_ids else []
    return {decision.request.awakeable_id: decision for decision in made}
