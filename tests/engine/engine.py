"""The engine and the waiting service, with what tests do to runs."""

import secrets
from dataclasses import dataclass

import httpx

from embedded.restate import EmbeddedRestate
from restate_bridge.admin import Admin
from restate_bridge.ingress import Ingress
from restate_bridge.introspection import find_run, read_journal
from tests.house.house import eventually


@dataclass(frozen=True)
class Engine:
    """A Restate server that knows the waiting service."""

    server: EmbeddedRestate
    admin: Admin
    ingress: Ingress

    def start_waiting(self, handler: str = "wait") -> str:
        """Start a run that waits, and return its id once it is suspended."""
        url = f"{self.server.ingress_url}/Waiting/{secrets.token_hex(6)}/{handler}/send"
        run = str(httpx.post(url, trust_env=False).json()["invocationId"])
        eventually(lambda: self.status(run) == "suspended", what="the run to suspend")
        return run

    def status(self, run: str) -> str:
        """Return the state of a run, empty when the engine does not know it."""
        found = find_run(self.admin, run)
        return found.status if found else ""

    def noted_id(self, run: str) -> str:
        """Return the awakeable's id as the run itself wrote it down."""
        results = [entry.body.get("result", {}) for entry in read_journal(self.admin, run)]
        written = next(bytes(result["Success"]) for result in results if "Success" in result)
        return written.decode().strip('"')

    def do(self, run: str, verb: str) -> None:
        """Kill, cancel, pause, resume or purge a run."""
        httpx.patch(f"{self.server.admin_url}/invocations/{run}/{verb}", trust_env=False).raise_for_status()

    def restart(self, run: str, entry: int) -> str:
        """Restart an ended run from a journal entry, and return the id of the new one."""
        url = f"{self.server.admin_url}/invocations/{run}/restart-as-new?from={entry}"
        answer = httpx.patch(url, trust_env=False).raise_for_status()
        return str(answer.json()["new_invocation_id"])
