"""The supervisor that keeps our processes running: start it, speak to it, stop it."""

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import psutil
from supervisor.xmlrpc import SupervisorTransport

from embedded.errors import SetupError
from embedded.settings import ROOT
from embedded.stopping import pause

TROUBLE = {"BACKOFF", "FATAL", "EXITED", "UNKNOWN"}
STOP_SECONDS = 4.7
GROUPS = {"postgres": "servers", "restate": "servers", "web": "ours", "courier": "ours", "agents": "ours"}


class Supervisor:
    """One supervisord, a child of ours, and the programs of supervisord.conf."""

    def __init__(self, environment: Mapping[str, str], lock: int) -> None:
        """Start it; it holds the file descriptor `lock` open as long as it lives."""
        self._var = Path(environment["VAR_DIR"])
        (self._var / "log").mkdir(parents=True, exist_ok=True)
        self._socket = environment["COUNTERSIGN_SUPERVISOR_SOCKET"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-c", ROOT / "embedded" / "supervisord.conf"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C is for run.py, which then stops everything in order
        )

    def start(self, *programs: str) -> None:
        """Start programs, without waiting for them."""
        for program in programs:
            self._call("startProcess", f"{GROUPS[program]}:{program}", False)

    def wait_for(self, program: str, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until a program is ready.

        Raises:
            SetupError: it ended, or was not ready in time; has the last lines of its log.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            state = self.state(program)
            if state in TROUBLE or time.monotonic() > deadline:
                why = "did not start" if state in TROUBLE else f"was not ready after {seconds:.0f} s"
                raise SetupError(f"{program} {why}. {last_words(self.log(program))}")
            pause(0.03)

    def state(self, program: str) -> str:
        """The supervisor's word for how a program is, say RUNNING or BACKOFF."""
        info = self._call("getProcessInfo", f"{GROUPS[program]}:{program}")
        return str(info["statename"])

    def pids(self) -> dict[str, int]:
        """The process of each program; 0 for one that does not run now."""
        infos = self._call("getAllProcessInfo")
        return {str(info["name"]): int(info["pid"]) for info in infos}

    def log(self, program: str) -> Path:
        """Where a program's output goes."""
        return self._var / "log" / f"{program}.log"

    def running(self) -> bool:
        """Whether the supervisor itself is alive."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Stop every program and the supervisor, within STOP_SECONDS."""
        with suppress(OSError, http.client.HTTPException, Fault):
            self._ask("shutdown")  # is heard at once, a signal only within a second
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            kill_family(self.process.pid)
            self.process.wait()

    def _call(self, method: str, *arguments: str | bool) -> Any:
        """Call the supervisor, which needs a moment after its start."""
        deadline = time.monotonic() + 20
        while True:
            try:
                return self._ask(method, *arguments)
            except Fault as fault:
                raise SetupError(f"The supervisor refused: {fault.faultString}.") from fault
            except (OSError, http.client.HTTPException) as error:
                if not self.running() or time.monotonic() > deadline:
                    log = self._var / "log" / "supervisord.log"
                    raise SetupError(f"The supervisor did not start. {last_words(log)}") from error
                pause(0.03)

    def _ask(self, method: str, *arguments: str | bool) -> Any:
        # A connection of its own each time: supervisor's transport does not recover from one that failed.
        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        try:
            return getattr(ServerProxy("http://127.0.0.1", transport=transport).supervisor, method)(*arguments)
        finally:
            transport.close()


def kill_family(pid: int) -> None:
    """Kill a process and all that it started."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for member in [parent, *parent.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                member.kill()


def last_words(log: Path, lines: int = 8) -> str:
    """The end of a log, introduced."""
    text = log.read_text(errors="replace").rstrip().splitlines()[-lines:] if log.exists() else []
    return "\n    ".join([f"The last lines of {log}:", *text]) if text else f"It said nothing in {log}."
