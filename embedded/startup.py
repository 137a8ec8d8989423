"""Bringing everything up, as many at a time as can be."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from embedded import ports, postgres, restate, samples, stopping
from embedded.errors import SetupError
from embedded.settings import ROOT, Settings
from embedded.steps import already, done
from embedded.supervisor import Supervisor, kill_family, last_words
from restate_bridge.admin import Admin
from restate_bridge.errors import BridgeError


class Startup:
    """One start of the embedded default, from nothing to the banner."""

    def __init__(self, settings: Settings, env: Mapping[str, str], supervisor: Supervisor) -> None:
        self.settings, self.env, self.supervisor = settings, env, supervisor
        self._lap = time.monotonic()
        self.preparation: subprocess.Popen[str] | None = None

    def bring_up(self) -> None:
        """Start all processes, as many at a time as can be, and wait until each is ready."""
        own_database = not self.settings.database_url
        self.supervisor.start(*(["postgres"] if own_database else []), "restate")
        self._start_preparation()
        self.supervisor.start("agents")  # loading ADK takes longer than anything else
        if own_database:
            self._wait("PostgreSQL", "postgres", lambda: postgres.answers(self.env["DATABASE_URL"]))
        self._finish_preparation()
        self.supervisor.start("web", "courier")
        urls = self.env["RESTATE_INGRESS_URL"], self.env["RESTATE_ADMIN_URL"]
        self._wait("Restate", "restate", lambda: restate.answers(*urls))
        self._wait("web", "web", lambda: restate.responds(self.settings.url("WEB_PORT") + "/health/live"))
        self._wait("courier", "courier", lambda: self.supervisor.state("courier") == "RUNNING")
        self._wait("agents", "agents", lambda: ports.listens(self.settings.port("AGENTS_PORT")))
        self._register_agents()
        self._start_samples()

    def _start_preparation(self) -> None:
        with self.supervisor.log("prepare").open("w") as log:
            command = [sys.executable, "-m", "embedded.prepare"]
            self.preparation = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdin=subprocess.PIPE, stderr=log, text=True, start_new_session=True
            )

    def _finish_preparation(self) -> None:
        assert self.preparation is not None
        assert self.preparation.stdin is not None
        with suppress(BrokenPipeError):  # it has failed already, and its log says why
            self.preparation.stdin.write("go\n")
            self.preparation.stdin.close()
        while self.preparation.poll() is None:
            stopping.pause(0.03)
        if self.preparation.returncode:
            raise SetupError(f"The database could not be prepared. {last_words(self.supervisor.log('prepare'))}")
        self._lap = time.monotonic()

    def _wait(self, title: str, program: str, ready: Callable[[], bool]) -> None:
        self.supervisor.wait_for(program, ready)
        self._done(title)

    def _done(self, title: str) -> None:
        now = time.monotonic()
        done(title, now - self._lap)
        self._lap = now

    def _register_agents(self) -> None:
        try:
            # Forced, because here the agents' code changes under the same address. In production it must not.
            Admin(self.env["RESTATE_ADMIN_URL"], timeout=20).register_deployment(self.env["AGENTS_URL"], force=True)
        except BridgeError as error:
            raise SetupError(
                f"Restate did not take the agents: {error}. {last_words(self.supervisor.log('agents'))}"
            ) from error
        self._done("agents registered")

    def _start_samples(self) -> None:
        stamp = self.settings.var / "stamps" / "samples"
        if stamp.exists():
            return already("sample runs")
        try:
            samples.start(self.env["RESTATE_INGRESS_URL"])
        except BridgeError as error:
            raise SetupError(f"Restate did not take the sample runs: {error}.") from error
        stamp.touch()
        self._done("sample runs")

    def abandon(self) -> None:
        """End what the supervisor does not look after."""
        if self.preparation is not None and self.preparation.poll() is None:
            kill_family(self.preparation.pid)
            self.preparation.wait()
