"""Everything at one look."""

from collections.abc import Sequence
from dataclasses import dataclass

from operations.selectors.health.endpoints import EndpointsHealth, endpoints_health
from operations.selectors.health.engine import EngineHealth, engine_health
from operations.selectors.health.inbox import (
    Announcer,
    CourierHealth,
    DatabaseHealth,
    connected_pages,
    courier_health,
    database_health,
    intake_health,
)


@dataclass(frozen=True, slots=True)
class HouseHealth:
    """How every part is."""

    engine: EngineHealth
    courier: CourierHealth
    intake: Sequence[Announcer]
    endpoints: EndpointsHealth
    database: DatabaseHealth
    pages: int


def house_health() -> HouseHealth:
    """Look at every part. Only the database being away raises, and then there is no page at all."""
    return HouseHealth(
        engine_health(), courier_health(), intake_health(), endpoints_health(), database_health(), connected_pages()
    )
