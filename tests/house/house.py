"""The house: PostgreSQL, Restate, web, courier and agents, with the people who use them."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg
from psycopg.rows import dict_row

from embedded.environment import environment
from embedded.ports import free_ports, listens
from embedded.postgres import EmbeddedPostgres
from embedded.restate import identity, responds
from embedded.server import Server
from embedded.settings import PORTS, from_environment
from restate_bridge.admin import Admin
from tests.house.cluster import restate_servers, start_together
from tests.house.processes import Program, run_once, scratch

PATIENCE = 30.0
# As embedded/supervisord.conf has it.
_UVICORN = ["--host", "127.0.0.1", "--no-access-log", "--lifespan", "off", "--timeout-graceful-shutdown", "1"]


def eventually[T](look: Callable[[], T], *, within: float = PATIENCE, what: str = "") -> T:
    """Return the first true answer of ``look``; fail when there is none ``within`` seconds."""
    until = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < until, f"not within {within} s: {what or look}"
        time.sleep(0.02)
    return found


class House:
    """Everything running; `kill` and `start` single processes by name."""

    def __init__(
        self, folder: Path, *, agents: str = "agents", nodes: int = 1, couriers: int = 1, **extra: str
    ) -> None:
        """Lay everything out below ``folder``.

        Args:
            agents: the module that serves the agents.
            nodes: how many Restate servers; with 3 they are a cluster, of which our processes know the first alone.
            couriers: how many; ``courier``, ``courier-2`` and so on take turns at the same deliveries.
            extra: added to our processes' environment; what is named after Restate also to its servers'.
        """
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.settings = from_environment(
            {**{k: str(v) for k, v in self.ports.items()}, "VAR_DIR": str(scratch(folder))}
        )
        self.ledger = folder / "claims-ledger.jsonl"
        # Nobody here changes their mind: a decision goes out at once.
        ours = {"AGENTS_DATA_DIR": str(folder), "COUNTERSIGN_UNDO_SECONDS": "0"}
        self.env = environment(self.settings) | ours | extra
        self.env.pop("GOOGLE_API_KEY", None)
        self.url = self.env["COUNTERSIGN_PUBLIC_URL"]
        self.password = self.env["COUNTERSIGN_DEMO_PASSWORD"]
        self.admin = Admin(self.env["RESTATE_ADMIN_URL"])
        of_restate = identity(self.settings) | {k: v for k, v in extra.items() if k.startswith("RESTATE_")}
        self.engine = restate_servers(folder, nodes, self.ports, of_restate)
        self.programs = {program.name: program for program in self._programs(agents, couriers)}
        self.processes: dict[str, Server] = {
            "postgres": EmbeddedPostgres(
                folder / "postgres", self.ports["POSTGRES_PORT"], self._secret("postgres_password")
            ),
            **self.engine,
            **self.programs,
        }

    def __enter__(self) -> Self:
        """Start everything in its order, and register the agents; what was started is stopped when that fails."""
        try:
            self._start_everything()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start_everything(self) -> None:
        self.start("postgres")
        start_together(list(self.engine.values()))
        run_once(["-m", "embedded.prepare"], self.env, stdin="\n")
        for name in self.programs:
            self.start(name)
        self.admin.register_deployment(self.env["AGENTS_URL"])

    def __exit__(self, *failure: object) -> None:
        """Stop everything, the servers last; leave the logs of our programs when a test wants to see them."""
        for name in reversed(self.processes):
            if folder := os.environ.get("HOUSE_LOGS"):
                self.keep_log(name, Path(folder))
            self.processes[name].stop()

    def keep_log(self, name: str, folder: Path) -> None:
        """Write what a process printed so far to ``<name>.log`` below ``folder``."""
        (folder / f"{name}.log").write_text(self.processes[name].log)

    def start(self, name: str) -> None:
        """Start a process and wait until it is ready."""
        self.processes[name].start()

    def kill(self, name: str) -> None:
        """``kill -9``."""
        self.processes[name].kill()

    def ask(self, message: str, *, session: str, user: str = "requester", service: str = "Claims") -> str:
        """Say something to an agent and return the id of the run."""
        answer = httpx.post(
            f"{self.env['RESTATE_INGRESS_URL']}/{service}/{session}/ask/send",
            json={"user": user, "message": message},
            trust_env=False,
        )
        answer.raise_for_status()
        return str(answer.json()["invocationId"])

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """Ask the inbox's database."""
        with psycopg.connect(self.env["DATABASE_URL"], row_factory=dict_row) as connection:
            return connection.execute(sql, parameters).fetchall()

    def request_of(self, run: str) -> dict[str, Any]:
        """Wait for the live request of a run and return its row."""
        sql = "SELECT * FROM approvals_approvalrequest WHERE invocation_id = %s AND status <> 'withdrawn' ORDER BY id"
        return eventually(lambda: self.rows(sql, run), what=f"a request of {run}")[-1]

    def delivery_of(self, request_id: int) -> dict[str, Any]:
        """Return how far the decision on a request has travelled; empty when there is none."""
        rows = self.rows("SELECT * FROM approvals_delivery WHERE request_id = %s", request_id)
        return rows[0] if rows else {}

    def wait_for_delivery(self, request_id: int, state: str, *, within: float = PATIENCE) -> dict[str, Any]:
        """Wait until the delivery has reached ``state``."""

        def look() -> dict[str, Any]:
            found = self.delivery_of(request_id)
            return found if found.get("state") == state else {}

        return eventually(look, within=within, what=f"delivery of #{request_id} {state}")

    def payments(self, session: str) -> list[dict[str, Any]]:
        """Return what the claims agent has paid in a session: the tool's effects, countable."""
        if not self.ledger.exists():
            return []
        entries = [json.loads(line) for line in self.ledger.read_text().splitlines()]
        return [entry for entry in entries if entry["session"] == session]

    def run_status(self, run: str) -> str:
        """Return the engine's word for the state of a run."""
        return str(self.admin.query(f"SELECT status FROM sys_invocation WHERE id = '{run}'")[0]["status"])  # noqa: S608

    def _programs(self, agents: str, couriers: int) -> Iterator[Program]:
        port = str(self.ports["WEB_PORT"])
        web = ["-m", "uvicorn", "config.asgi:application", "--port", port, *_UVICORN]
        yield Program("web", web, self.env, lambda: responds(f"{self.url}/health/ready"))
        for number in range(1, couriers + 1):
            name = "courier" if number == 1 else f"courier-{number}"
            yield Program(name, ["manage.py", "courier"], self.env, lambda: True)
        yield Program("agents", ["-m", agents], self.env, lambda: listens(self.ports["AGENTS_PORT"]))

    def _secret(self, name: str) -> str:
        return (self.settings.var / "secrets" / name).read_text()
