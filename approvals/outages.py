"""When PostgreSQL is away."""

from typing import Final

import psycopg
from django.db import InterfaceError, OperationalError
from psycopg import errors

#: What is raised while PostgreSQL is away, and for some of its answers too. The pool's timeout is one of psycopg's.
DATABASE_AWAY: Final = (psycopg.OperationalError, OperationalError, InterfaceError)
_ANSWERS: Final = (
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.QueryCanceled,
    errors.SerializationFailure,
)


def is_away(error: Exception) -> bool:
    """Tell whether PostgreSQL is away, rather than busy with what was asked: then nothing else needs to be tried."""
    return isinstance(error, DATABASE_AWAY) and not isinstance(error.__cause__ or error, _ANSWERS)
