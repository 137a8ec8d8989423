"""Whether this process lives, and whether it can serve.

Machines ask by whatever name or number they know the process by, and over plain http, so this stands before the
check of the host and before the way to https.
"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

type GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers ``/health/live`` (the process serves requests) and ``/health/ready`` (the database answers too)."""

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
                return _plain("ok", 200) if _database_answers() else _plain("the database is away", 503)
            case _:
                return self._get_response(request)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")
