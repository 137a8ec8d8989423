"""What is answered when a page could not be made."""

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template import loader

from approvals.outages import DATABASE_AWAY

_TRY_AGAIN_AFTER: Final = "2"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away, which passes, and 500 for everything else.

    The page needs neither the database nor the request: whatever broke may be what other pages are made with.
    """
    away = isinstance(sys.exception(), DATABASE_AWAY)
    page = loader.get_template("500.html").render({"database_away": away})
    if away:
        return HttpResponse(page, status=503, headers={"Retry-After": _TRY_AGAIN_AFTER})
    return HttpResponse(page, status=500)
