"""PostgreSQL's NOTIFY, the bell between processes: it carries ids only, and rings when the transaction commits."""

from typing import Final

from django.db import connection

#: For the round that sends decisions. A trigger rings it for every new delivery.
COURIER_CHANNEL: Final = "countersign_courier"
#: For the round that carries out deadlines and escalations.
CLOCK_CHANNEL: Final = "countersign_clock"
#: For the round that compares the inbox with the engine.
RECONCILER_CHANNEL: Final = "countersign_reconciler"
#: For the round that looks for unannounced waits; nobody rings it yet, it looks by itself.
WAITS_CHANNEL: Final = "countersign_waits"
#: Rung by a trigger for every line of the record, with the request's id (see the second migration).
LIVE_CHANNEL: Final = "countersign_live"
#: What rings the live channel when the engine went away or came back.
ENGINE: Final = "engine"
#: What rings it, with a request's id behind, when somebody opened or left the request's page.
LOOKING: Final = "looking:"


def wake_courier() -> None:
    """Tell the couriers of a request that waits: it may have a deadline, and its run has to be looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, ''), pg_notify(%s, '')", [CLOCK_CHANNEL, RECONCILER_CHANNEL])


def wake_sender() -> None:
    """Tell the couriers of deliveries that are due earlier than they were. (Of a new one a trigger tells them.)"""
    _ring(COURIER_CHANNEL)


def wake_reconciler() -> None:
    """Tell the couriers that the engine may be away."""
    _ring(RECONCILER_CHANNEL)


def tell_viewers_of_engine() -> None:
    """Tell open pages that the engine went away or came back."""
    _ring(LIVE_CHANNEL, ENGINE)


def tell_viewers_of_lookers(request_id: int) -> None:
    """Tell the open pages of a request that somebody opened it or left."""
    _ring(LIVE_CHANNEL, f"{LOOKING}{request_id}")


def _ring(channel: str, payload: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])
