"""Restate's ingress: answering awakeables, and calling handlers."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import JsonValue

from restate_bridge.contract import sealed, trace_headers
from restate_bridge.http import RestateHttp


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that Restate has taken.

    Attributes:
        run: the id of its run.
        is_new: whether it was made for this call: the same idempotency key leads to the same run.
    """

    run: str
    is_new: bool


class Ingress:
    """Answers awakeables. A 202 says that Restate took the call, not that anyone heard it."""

    def __init__(self, base_url: str) -> None:
        self._http = RestateHttp(base_url)

    def resolve_awakeable(self, awakeable_id: str, value: JsonValue, *, is_sealed: bool = False) -> None:
        """Complete an awakeable with a value: a signed token, where the agent is one of ours.

        Args:
            is_sealed: whether it is sealed with the journal key, if this process has one.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        # Not by the client's own `json`, for which None is no body at all.
        content = json.dumps(value, allow_nan=False).encode()
        content = sealed(content) if is_sealed else content
        headers = {"content-type": "application/json"} | trace_headers()
        self._http.call("POST", f"/restate/awakeables/{awakeable_id}/resolve", content=content, headers=headers)

    def reject_awakeable(self, awakeable_id: str, text: str) -> None:
        """Complete an awakeable with a failure, whose message is ``text``.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        headers = {"content-type": "text/plain; charset=utf-8"} | trace_headers()
        self._http.call("POST", f"/restate/awakeables/{awakeable_id}/reject", content=text.encode(), headers=headers)

    def send(
        self,
        service: str,
        key: str | None,
        handler: str,
        body: bytes | None,
        *,
        delay: int = 0,
        idempotency_key: str = "",
        is_sealed: bool = False,
    ) -> Sent:
        """Call a handler without waiting for what it returns.

        Args:
            key: of a virtual object or workflow; None for a service.
            body: JSON; None for a handler that takes no input.
            delay: in how many seconds the run begins.
            is_sealed: whether the input is sealed with the journal key, if this process has one.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        headers = {"content-type": "application/json"} if body is not None else {}
        headers |= {"idempotency-key": idempotency_key} if idempotency_key else {}
        body = sealed(body) if body is not None and is_sealed else body
        params = {"delay": f"PT{delay}S"} if delay else None
        path = f"/restate/send/{_path_of(service, key, handler)}"
        answer = self._http.call("POST", path, content=body, params=params, headers=headers | trace_headers()).json()
        return Sent(answer["invocationId"], is_new=answer.get("status") != "PreviouslyAccepted")


def _path_of(service: str, key: str | None, handler: str) -> str:
    target = [service, handler] if key is None else [service, key, handler]
    # A key that is a dot or two would be taken for a way up.
    return "/".join(quote(part, safe="").replace(".", "%2E") for part in target)
