"""Whether the database's tables are those that this code was written for."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def unapplied_migrations() -> list[str]:
    """Return the names of the migrations that the database still lacks, such as ``approvals.0005_…``. One query or two.

    Raises:
        DatabaseError: the database is away.
    """
    return sorted(".".join(name) for name in _written() - set(MigrationRecorder(connection).applied_migrations()))


@cache
def _written() -> frozenset[tuple[str, str]]:
    """Return those that came with the code, which does not change as long as this process lives."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.nodes)
