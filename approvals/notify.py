"""PostgreSQL's NOTIFY, the bell between processes: it carries ids only, and rings when the transaction commits."""

from typing import Final

from django.db import connection

COURIER_CHANNEL: Final = "countersign_courier"
LIVE_CHANNEL: Final = "countersign_live"


def wake_courier() -> None:
    """Tell the couriers that a delivery is due or a deadline was set."""
    _notify(COURIER_CHANNEL, "")


def tell_viewers(request_id: int) -> None:
    """Tell every web process that a request changed; each asks for itself who may know."""
    _notify(LIVE_CHANNEL, str(request_id))


def _notify(channel: str, payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])
