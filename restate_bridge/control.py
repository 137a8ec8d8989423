"""Steering runs: what the admin API can do to one, and what it says to it."""

from dataclasses import dataclass
from typing import Any, Final

from restate_bridge.errors import EngineRefused
from restate_bridge.http import RestateHttp
from restate_bridge.ids import MalformedId, checked, is_deployment_id

#: The code with which a run goes on: ``keep`` what it is pinned to, ``latest`` as its service's next run, or the id of
#: a deployment.
type Code = str

_TIMEOUT: Final = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said.

    Attributes:
        status: the HTTP status. 202 means that it was told to the run, which heeds it in a moment.
        text: the engine's own words; empty when it had none.
        new_run: the id of the run that a restart made.
    """

    status: int
    text: str = ""
    new_run: str = ""

    @property
    def is_refusal(self) -> bool:
        """Whether nothing was done."""
        return self.status >= 400


class Control:
    """Pauses, resumes, cancels, kills, purges and restarts runs. Safe to share between threads."""

    def __init__(self, admin_url: str, *, timeout: float = _TIMEOUT) -> None:
        """Make it; ``timeout`` is in seconds."""
        self._http = RestateHttp(admin_url, timeout=timeout)

    def pause(self, invocation_id: str) -> Answer:
        """Have a run go on only when it is resumed. It heeds that at its next step; one that waits needs vqueues."""
        return self._do(invocation_id, "pause")

    def resume(self, invocation_id: str, *, deployment: Code = "keep") -> Answer:
        """Have a paused run go on, or one that is to be tried again try at once; with the code it had or the latest."""
        return self._do(invocation_id, "resume", deployment=deployment)

    def cancel(self, invocation_id: str) -> Answer:
        """Have a run end at its next wait. Its code hears of it, and may still do something."""
        return self._do(invocation_id, "cancel")

    def kill(self, invocation_id: str) -> Answer:
        """End a run at once; no code of it runs any more."""
        return self._do(invocation_id, "kill")

    def purge(self, invocation_id: str) -> Answer:
        """Forget a run that has ended, with its journal."""
        return self._do(invocation_id, "purge")

    def restart(self, invocation_id: str, *, entry: int = 0, deployment: Code = "keep") -> Answer:
        """Begin an ended run anew, keeping its journal up to and with ``entry``; 0 keeps the input alone."""
        return self._do(invocation_id, "restart-as-new", **{"from": entry, "deployment": deployment})

    def _do(self, invocation_id: str, verb: str, **parameters: Any) -> Answer:
        """Call a verb and return what the engine said, a refusal included.

        Raises:
            MalformedId: an id has not the form of one.
            EngineAway: no answer, or a 5xx; what was asked for may have been done.
        """
        run, code = checked(invocation_id), parameters.get("deployment", "keep")
        if code not in ("keep", "latest") and not is_deployment_id(code):
            raise MalformedId(f"{code!r} is not the id of a deployment")
        try:
            response = self._http.call("PATCH", f"/invocations/{run}/{verb}", params=parameters)
        except EngineRefused as refusal:
            return Answer(refusal.status, refusal.said)
        body = response.json() if response.content else {}
        return Answer(response.status_code, new_run=body.get("new_invocation_id", ""))
