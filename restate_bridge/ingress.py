"""Restate's ingress: answering awakeables."""

from restate_bridge.http import RestateHttp


class Ingress:
    """Answers awakeables. A 202 says that Restate took the call, not that anyone heard it."""

    def __init__(self, base_url: str) -> None:
        self._http = RestateHttp(base_url)

    def resolve_awakeable(self, awakeable_id: str, token: str) -> None:
        """Complete an awakeable with a signed token.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        self._http.call("POST", f"/restate/awakeables/{awakeable_id}/resolve", json=token)

    def reject_awakeable(self, awakeable_id: str, text: str) -> None:
        """Complete an awakeable with a failure, whose message is ``text``.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        headers = {"content-type": "text/plain; charset=utf-8"}
        self._http.call("POST", f"/restate/awakeables/{awakeable_id}/reject", content=text.encode(), headers=headers)
