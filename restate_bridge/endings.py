"""Whether a run goes on: asked before a person's decision is taken, so it has to be cheap."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from restate_bridge.errors import EngineAway
from restate_bridge.http import RestateHttp
from restate_bridge.ids import checked
from restate_bridge.introspection import Ending

_NOT_YET: Final = 470
_NOT_FOUND: Final = 404
_BY_RESTATE: Final = "x-restate-id"
_BY_MESSAGE: Final = {"killed": Ending.KILLED, "cancelled": Ending.CANCELLED}


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that nobody can reach any more; ``how`` is None when the engine does not know it."""

    how: Ending | None


class Endings:
    """Asks the ingress for a run's output, which takes a fraction of what a query takes. Safe to share."""

    def __init__(self, ingress_url: str, *, timeout: float) -> None:
        """Make it; ``timeout`` is in seconds."""
        self._http = RestateHttp(ingress_url, timeout=timeout)

    def ended(self, invocation_id: str) -> Ended | None:
        """Return how a run has ended, None while it goes on.

        Raises:
            MalformedId: the id has not the form of one.
            EngineAway: no answer, or one that is not the ingress's.
        """
        response = self._http.send("GET", f"/restate/invocation/{checked(invocation_id)}/output")
        return None if response.status_code == _NOT_YET else _reading(response)


def _reading(response: httpx.Response) -> Ended:
    # Whatever stands before Restate may answer 200 to anything; its own answer names the run.
    if response.is_success and _BY_RESTATE in response.headers:
        return Ended(Ending.COMPLETED)
    match _answer(response):
        case {"source": "ingress"} if response.status_code == _NOT_FOUND:
            return Ended(None)
        case {"source": "invocation", "message": str(message)}:
            # What a handler raised by itself comes with its own status, a 5xx included.
            return Ended(_BY_MESSAGE.get(message, Ending.FAILED))
    raise EngineAway(f"Restate answered {response.status_code}: {response.text[:300]}")


def _answer(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
