"""PostgreSQL's NOTIFY, the bell between processes: it carries ids only, and rings when the transaction commits."""

from typing import Final

from django.db import connection

COURIER_CHANNEL: Final = "countersign_courier"
#: Rung by a trigger for every line of the record, with the request's id (see the second migration).
LIVE_CHANNEL: Final = "countersign_live"


def wake_courier() -> None:
    """Tell the couriers that something new is due. (Of a new delivery a trigger tells them.)"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [COURIER_CHANNEL])
