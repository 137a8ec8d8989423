"""What the engine's tests do to a house of Restate, agents and inbox."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from embedded.ports import listens
from restate_bridge.contract import Outcome, reject_text
from tests.agents.stand_in_inbox import StandInInbox, wait_for

HTTP = httpx.Client(timeout=30, trust_env=False)


class Agents:
    """The agents' process, ``python -m agents`` unless another module is named."""

    def __init__(self, environment: dict[str, str], port: int, log: Path, module: str = "agents") -> None:
        self._module = module
        self._environment = environment
        self._port = port
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def beside(self, port: int, **more: str) -> "Agents":
        """Return another process like this one, on another port and with more in its environment."""
        environment = self._environment | {"AGENTS_BIND": f"127.0.0.1:{port}"} | more
        return Agents(environment, port, self._log.with_name(f"agents-{port}.log"), self._module)

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._process is not None

    @property
    def log(self) -> str:
        """All that it printed so far."""
        return self._log.read_text(errors="replace")

    def start(self) -> None:
        """Start it and wait until it listens."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", self._module]
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until it listens; on a busy machine the import of a model's client takes its time."""
        wait_for(lambda: listens(self._port), "the agents listen", 60)

    def kill(self) -> None:
        """Kill it: ``kill -9``."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to stop and return its exit status."""
        return self._end(signal.SIGTERM)

    def ended(self) -> int:
        """Wait until it ends by itself and return its exit status."""
        assert self._process is not None
        process, self._process = self._process, None
        try:
            return process.wait(30)
        finally:
            process.kill()

    def register(self, admin_url: str) -> None:
        """Make it known to Restate."""
        uri = f"http://127.0.0.1:{self._port}"
        HTTP.post(f"{admin_url}/deployments", json={"uri": uri, "force": True}).raise_for_status()

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(how)
        try:
            return process.wait(10)
        finally:
            process.kill()


@dataclass(frozen=True)
class House:
    """Restate, the agents' process, the inbox, and the ledger of what was paid."""

    ingress_url: str
    admin_url: str
    agents: Agents
    inbox: StandInInbox
    ledger_file: Path

    @property
    def verify_keys_file(self) -> Path:
        """The file of the inbox's public keys, which the agents read."""
        return self.ledger_file.with_name("verify.pem")

    def calm(self) -> None:
        """Have the inbox at home and the agents running again, whatever a test did to them."""
        self.inbox.away = False
        self.inbox.turned_away.clear()
        self.inbox.refusals.clear()
        self.inbox.held_back.clear()
        if not self.agents.running:
            self.agents.start()

    def ask(self, message: str, session: str | None = None, service: str = "Claims") -> "Turn":
        """Say something to an agent, in a new session unless one is given; don't wait."""
        session = session or f"s-{uuid4().hex[:12]}"
        body = {"user": "alice", "message": message}
        answer = HTTP.post(f"{self.ingress_url}/{service}/{session}/ask/send", json=body).raise_for_status()
        return Turn(self, session, answer.json()["invocationId"])

    def history(self, session: str, service: str = "Claims") -> list[dict[str, Any]]:
        """Return a session's history, by the shared handler."""
        answer = HTTP.post(f"{self.ingress_url}/{service}/{session}/history").raise_for_status()
        return list(answer.json())

    def stored(self, session: str, service: str = "Claims") -> tuple[int, dict[str, Any]]:
        """Return a session as it is stored: its bytes, and what they hold."""
        where = f"service_name = '{service}' AND service_key = '{session}'"
        [row] = self.query(f"SELECT value_utf8, value_length FROM state WHERE {where}")  # noqa: S608
        return row["value_length"], json.loads(row["value_utf8"])

    def resolve(self, awakeable_id: str, body: bytes) -> None:
        """Resolve an awakeable as anybody could who reaches the ingress."""
        url = f"{self.ingress_url}/restate/awakeables/{awakeable_id}/resolve"
        HTTP.post(url, content=body, headers={"content-type": "application/json"}).raise_for_status()

    def reject(self, awakeable_id: str, text: str) -> None:
        """Reject an awakeable with a text."""
        HTTP.post(f"{self.ingress_url}/restate/awakeables/{awakeable_id}/reject", content=text).raise_for_status()

    def decide(self, awakeable_id: str, outcome: Outcome, **more: Any) -> str:
        """Sign a decision and deliver it as the courier does; return the token."""
        token = self.inbox.sign(awakeable_id, outcome, **more)
        if outcome in {Outcome.REJECTED, Outcome.EXPIRED}:
            self.reject(awakeable_id, reject_text(f"{outcome} by Rita Reviewer", token))
        else:
            self.resolve(awakeable_id, json.dumps(token).encode())
        return token

    def payments(self, session: str) -> list[dict[str, Any]]:
        """Return what was paid in a session."""
        return [line for line in self.book(self.ledger_file.name) if line["session"] == session]

    def book(self, name: str) -> list[dict[str, Any]]:
        """Return the lines of a sample's book."""
        path = self.ledger_file.with_name(name)
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def steer(self, invocation_id: str, how: str) -> None:
        """Do to a run what the admin API calls so."""
        HTTP.patch(f"{self.admin_url}/invocations/{invocation_id}/{how}").raise_for_status()

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Ask the engine's tables."""
        headers = {"accept": "application/json"}
        answer = HTTP.post(f"{self.admin_url}/query", json={"query": sql}, headers=headers).raise_for_status()
        return list(answer.json()["rows"])


@dataclass(frozen=True)
class Turn:
    """One message to an agent, and the run that handles it."""

    house: House
    session: str
    invocation_id: str

    def answer(self) -> str:
        """Wait for the turn's end and return the agent's answer."""
        return str(self.outcome().raise_for_status().json()["answer"])

    def outcome(self) -> httpx.Response:
        """Wait for the run's end and return what the engine answers to who waits for it."""
        return HTTP.get(f"{self.house.ingress_url}/restate/invocation/{self.invocation_id}/attach")

    def cancel(self) -> None:
        """Cancel the run."""
        self.house.steer(self.invocation_id, "cancel")

    def restart(self, index: int) -> "Turn":
        """Start the run anew, with the entries of its journal up to one."""
        url = f"{self.house.admin_url}/invocations/{self.invocation_id}/restart-as-new"
        answer = HTTP.patch(url, params={"from": index}).raise_for_status()
        return Turn(self.house, self.session, answer.json()["new_invocation_id"])

    def steps(self) -> list[str]:
        """Return the names of the journal's steps."""
        return [row["name"] for row in self.journal() if row.get("name") and "Run" in row["entry_type"]]

    def journal(self) -> list[dict[str, Any]]:
        """Return the journal's entries: index, name and type."""
        sql = f"SELECT index, name, entry_type FROM sys_journal WHERE id = '{self.invocation_id}' ORDER BY index"  # noqa: S608
        return self.house.query(sql)

    def status(self) -> dict[str, Any]:
        """Return the run's row in the engine's table."""
        sql = f"SELECT * FROM sys_invocation WHERE id = '{self.invocation_id}'"  # noqa: S608
        return self.house.query(sql)[0]
