"""One way to call Restate over HTTP, with one way to fail."""

import time
from contextlib import closing
from typing import Any, Final

import httpx
from prometheus_client import Histogram

from restate_bridge.errors import EngineAway, EngineRefused

_CALLS: Final = Histogram(
    "countersign_engine_call_seconds",
    "How long calls to Restate took: answered, refused, or away (no answer, or an error of its own).",
    ["outcome"],
)
_TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)


class RestateHttp:
    """Pooled connections to one of Restate's two addresses (ingress or admin API). Safe to share between threads."""

    def __init__(self, base_url: str, *, timeout: httpx.Timeout | float = _TIMEOUT) -> None:
        """Make it for ``base_url``; ``timeout`` is in seconds."""
        self._base_url = base_url
        # The transport alone, because an agent waits behind these calls: what a client adds (cookies, redirects, the
        # environment's proxies, which are for the internet) takes longer than the call and is of no use here.
        self._transport = httpx.HTTPTransport()
        self._extensions = {"timeout": httpx.Timeout(timeout).as_dict()}

    def call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request and return its answer when that is 2xx.

        Raises:
            EngineAway: no answer, or a 5xx.
            EngineRefused: any other answer.
        """
        response = self.send(method, path, **arguments)
        if response.status_code >= 500:
            raise EngineAway(f"Restate answered {response.status_code}: {response.text[:300]}")
        if not response.is_success:
            raise EngineRefused(response.status_code, _said(response))
        return response

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request and return its answer, whatever that is.

        Raises:
            EngineAway: no answer.
        """
        request = httpx.Request(method, f"{self._base_url}{path}", extensions=self._extensions, **arguments)
        began, outcome = time.perf_counter(), "away"
        try:
            with closing(self._transport.handle_request(request)) as response:
                response.read()
            outcome = _outcome(response.status_code)
        except httpx.HTTPError as error:
            raise EngineAway(f"Restate can't be reached: {str(error) or type(error).__name__}") from error
        finally:
            _CALLS.labels(outcome).observe(time.perf_counter() - began)
        return response


def _outcome(status: int) -> str:
    if status >= 500:
        return "away"
    return "refused" if status >= 400 else "answered"


def _said(response: httpx.Response) -> str:
    """Return an error's message; the beginning of its body where it has none."""
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return response.text[:300]
