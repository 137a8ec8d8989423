"""The engine and the waiting service, with what tests do to runs."""

import json
import secrets
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from embedded.restate import EmbeddedRestate
from restate_bridge.admin import Admin
from restate_bridge.ingress import Ingress
from restate_bridge.introspection import find_run, read_journal
from restate_bridge.listed_run import RunState
from restate_bridge.runs import find_listed
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

    def start(self, handler: str, key: str, *, delay: str = "") -> str:
        """Start a run of the restless service, at once or after a delay such as ``1h``, and return its id."""
        url = f"{self.server.ingress_url}/Restless/{quote(key, safe='')}/{handler}/send"
        answer = httpx.post(url, params={"delay": delay} if delay else {}, trust_env=False).raise_for_status()
        return str(answer.json()["invocationId"])

    def start_busy(self, handler: str, given: object, key: str = "") -> str:
        """Start a run of the busy service with an input, and return its id."""
        url = f"{self.server.ingress_url}/Busy/{key or secrets.token_hex(6)}/{handler}/send"
        return str(httpx.post(url, json=given, trust_env=False).raise_for_status().json()["invocationId"])

    def start_odd(self, *steps: tuple[str, str], given: bytes | None = None) -> str:
        """Start a run that takes steps of these names and results, or an input, and return its id once it waits."""
        body, handler = (json.dumps(steps).encode(), "journal") if given is None else (given, "take")
        url = f"{self.server.ingress_url}/Odd/{secrets.token_hex(6)}/{handler}/send"
        kind = {"content-type": "application/json"}
        answer = httpx.post(url, content=body, headers=kind, trust_env=False).raise_for_status()
        run = str(answer.json()["invocationId"])
        eventually(lambda: self.state(run) is RunState.WAITING, what="the run to wait")
        return run

    def keep_later(self, key: str, name: str, value: int) -> str:
        """Start a run that keeps a value when its first awakeable is resolved, and return its id."""
        url = f"{self.server.ingress_url}/Keeping/{quote(key, safe='')}/keep_later/send"
        answer = httpx.post(url, json={"name": name, "value": value}, trust_env=False).raise_for_status()
        return str(answer.json()["invocationId"])

    def status(self, run: str) -> str:
        """Return the state of a run, empty when the engine does not know it."""
        found = find_run(self.admin, run)
        return found.status if found else ""

    def state(self, run: str) -> RunState | None:
        """Return what a run does, as people call it; None when the engine does not know it."""
        found = find_listed(self.admin, run)
        return found.state if found else None

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
