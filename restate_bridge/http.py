"""One way to call Restate over HTTP, with one way to fail."""

from typing import Any, Final

import httpx

from restate_bridge.errors import EngineAway, EngineRefused

_TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)


class RestateHttp:
    """A pooled client for one of Restate's two addresses (ingress or admin API). Safe to share between threads."""

    def __init__(self, base_url: str, *, timeout: httpx.Timeout | float = _TIMEOUT) -> None:
        """Make a client for ``base_url``; ``timeout`` is in seconds."""
        # Proxies are for the internet; the engine is on the private network.
        self._client = httpx.Client(base_url=base_url, timeout=timeout, trust_env=False)

    def call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Send a request and return its answer when that is 2xx.

        Raises:
            EngineAway: no answer, or a 5xx.
            EngineRefused: any other answer.
        """
        try:
            response = self._client.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise EngineAway(f"Restate can't be reached: {str(error) or type(error).__name__}") from error
        if response.status_code >= 500:
            raise EngineAway(f"Restate answered {response.status_code}: {response.text[:300]}")
        if not response.is_success:
            raise EngineRefused(response.status_code, f"Restate answered {response.status_code}: {response.text[:300]}")
        return response
