"""What is noted of each call: its id, how long it took, and its place in a trace."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase
from opentelemetry.trace import Span, SpanKind, StatusCode

from config.numbers import HTTP_REQUESTS
from restate_bridge.contract import also_about, logged_about, span
from restate_bridge.ids import MalformedId, is_invocation_id, run_of

logger = logging.getLogger(__name__)

_HEADER: Final = "X-Request-Id"
# What a proxy may have made; anything else could be meant for whoever reads the log.
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OUR_FAULT: Final = 500
_AWAKEABLES: Final = ("awakeable_id", "announcement_id")


class ObservingMiddleware:
    """Gives each call an id, its log lines that id, and its answer too; measures it; and goes on with its trace.

    Calls go by their route, which is one of a few dozen, and not by their address, which holds ids and words.
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand around everything but the questions that machines ask."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and note what came of it."""
        given = request.headers.get(_HEADER, "")
        request_id = given if _SANE.fullmatch(given) else uuid4().hex
        method = request.method if request.method in _METHODS else "other"
        with (
            logged_about(request_id=request_id),
            span(method, parent=request.headers.get("traceparent", ""), kind=SpanKind.SERVER) as current,
        ):
            began = time.perf_counter()
            response = self._get_response(request)
            seconds = time.perf_counter() - began
            route = _route_of(request)
            HTTP_REQUESTS.labels(method, route, response.status_code).observe(seconds)
            _describe(current, method, route, response.status_code)
            facts = {"method": method, "route": route, "status": response.status_code, "ms": round(seconds * 1000, 1)}
            logger.info("%s /%s %s", method, route, response.status_code, extra=facts)
        response[_HEADER] = request_id
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: list[Any], named: dict[str, Any]
    ) -> None:
        """Note which run a call is about, where its address says so."""
        also_about(run_id=_run_in(named))


def _describe(current: Span, method: str, route: str, status: int) -> None:
    current.update_name(f"{method} /{route}")
    current.set_attributes({"http.request.method": method, "http.route": f"/{route}"})
    current.set_attribute("http.response.status_code", status)
    if status >= _OUR_FAULT:
        current.set_status(StatusCode.ERROR)


def _route_of(request: HttpRequest) -> str:
    """Return the route that a call took; ``none`` when there is none, as for a file or a stranger's guess."""
    match = request.resolver_match
    return "none" if match is None else match.route


def _run_in(named: dict[str, Any]) -> str:
    if is_invocation_id(run := str(named.get("invocation_id", ""))):
        return run
    for name in _AWAKEABLES:
        try:
            return run_of(str(named.get(name, "")))
        except MalformedId:
            continue
    return ""
