"""How long a verb waits for what others hold, where somebody waits for the verb."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.db import connection, transaction

# Agents wait five seconds for a whole batch.
_LOCK_PATIENCE: Final = "SET LOCAL lock_timeout = '500ms'"


def impatient[**P, T](verb: Callable[P, T]) -> Callable[P, T]:
    """Return a verb as a transaction that waits half a second for a lock, not for ever, and raises OperationalError."""

    @wraps(verb)
    def carry_out(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_LOCK_PATIENCE)
            return verb(*args, **kwargs)

    return carry_out
