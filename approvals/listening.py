"""A connection of its own that listens to PostgreSQL's NOTIFY."""

from typing import Any

import psycopg
from django.db import connections


def listener_parameters() -> dict[str, Any]:
    """Return psycopg's parameters for the default database, for a connection outside the pool."""
    parameters = connections["default"].get_connection_params()
    keep = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
    # Keepalives notice a server that is gone without a word.
    return {key: parameters[key] for key in keep if key in parameters} | {
        "autocommit": True,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "application_name": "countersign-listener",
    }


def listen(channel: str) -> psycopg.Connection[Any]:
    """Return a connection that listens to ``channel``.

    Raises:
        psycopg.OperationalError: PostgreSQL is away.
    """
    connection = psycopg.connect(**listener_parameters())
    connection.execute(f"LISTEN {channel}")
    return connection
