"""Restate's admin API: deployments, and the query endpoint that introspection is built on."""

from typing import Any

from restate_bridge.http import RestateHttp


class Admin:
    """The admin API at one address."""

    def __init__(self, base_url: str, *, timeout: float = 5.0) -> None:
        """Make a client; ``timeout`` is in seconds."""
        self._http = RestateHttp(base_url, timeout=timeout)

    def register_deployment(self, uri: str, *, force: bool = False) -> dict[str, Any]:
        """Register the endpoint at ``uri`` and return what Restate found there.

        Args:
            force: overwrite a deployment at the same address; breaks runs that are pinned to other code.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        answer: dict[str, Any] = self._http.call("POST", "/deployments", json={"uri": uri, "force": force}).json()
        return answer

    def get(self, path: str) -> dict[str, Any]:
        """Return what the engine says at a path, such as ``/deployments``.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        answer: dict[str, Any] = self._http.call("GET", path).json()
        return answer

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Run a query and return its rows; columns that are NULL are missing from them.

        There are no bind parameters: whoever builds ``sql`` accepts ids of a strict pattern only.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        answer = self._http.call("POST", "/query", json={"query": sql}, headers={"accept": "application/json"})
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows
