"""When PostgreSQL may keep the plan of a query, and when it has to look at the values first."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_for_values(needed: bool = True) -> Iterator[None]:
    """Have the queries in this block planned for their very values, if that is ``needed``.

    Connections prepare what they are asked often, and PostgreSQL then makes one plan for all values. That saves time
    where values make no difference. For words and filters they make all of it: what is best for a rare word reads a
    whole inbox for a frequent one.
    """
    connection.ensure_connection()
    link = connection.connection
    before = link.prepare_threshold
    link.prepare_threshold = None if needed else before
    try:
        yield
    finally:
        link.prepare_threshold = before
