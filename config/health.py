"""What machines ask: whether this process lives, whether it can serve, and the numbers.

They ask by whatever name or number they know the process by, and over plain http, so this stands before the check of
the host and before the way to https.
"""

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from approvals.selectors.engine import engine_sight
from approvals.selectors.migrations import unapplied_migrations
from config.numbers import numbers

type GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers ``/health/live``, ``/health/ready`` and ``/metrics``.

    Live: the process serves requests. Ready: pages can be made, which takes the database with all its tables. Restate
    being away does not make it unready, since people decide all the same; the answer mentions it.
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: GetResponse) -> None:
        """Stand before everything else."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a question about health, pass on the rest."""
        match request.path_info if request.method in ("GET", "HEAD") else "":
            case "/health/live":
                return _plain("ok", 200)
            case "/health/ready":
                return _ready()
            case "/metrics":
                return numbers(request)
            case _:
                return self._get_response(request)


def _ready() -> HttpResponse:
    try:
        if missing := unapplied_migrations():
            return _plain(f"the database lacks {len(missing)} migrations, run migrate", 503)
        sight = engine_sight()
    except (DatabaseError, PoolTimeout):
        return _plain("the database is away", 503)
    if sight and sight.away_since:
        return _plain("ok, but Restate is away: decisions are kept and go out when it is back", 200)
    return _plain("ok", 200)


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")
