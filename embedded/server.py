"""A server process that a test, a bench or a tool starts, kills and starts again."""

import os
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from embedded.errors import SetupError

READY_SECONDS = 30.0
STOP_SECONDS = 5.0


def launched(
    command: Sequence[str | Path], *, env: Mapping[str, str], output: int, cwd: Path | None = None
) -> subprocess.Popen[str]:
    """Start a program that prints to the file descriptor `output`, in a session of its own: our Ctrl-C isn't its."""
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


class Server(ABC):
    """Starts on entering the `with` block, is ready there, and is stopped on leaving it."""

    name: str

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        self._before_this_start = 0

    @abstractmethod
    def launch(self, output: int) -> subprocess.Popen[str]:
        """Start the process; it prints to the file descriptor `output`."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers."""

    @abstractmethod
    def ask_to_stop(self, process: subprocess.Popen[str]) -> None:
        """Ask the process to stop in good order."""

    @property
    def pid(self) -> int:
        """The id of the running process."""
        assert self._process is not None, f"{self.name} is not running"
        return self._process.pid

    @property
    def log(self) -> str:
        """All that the server printed so far."""
        length = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), length, 0).decode(errors="replace")

    @property
    def has_ended(self) -> bool:
        """Whether it was started, and ended without being stopped or killed."""
        return self._process is not None and self._process.poll() is not None

    def start(self) -> None:
        """Start and wait until ready.

        Raises:
            SetupError: see `wait_until_ready`.
        """
        self.begin()
        self.wait_until_ready()

    def begin(self) -> None:
        """Start, and don't wait: some are ready only once others have started too."""
        self._before_this_start = len(self.log)
        self._process = self.launch(self._log.fileno())

    def wait_until_ready(self) -> None:
        """Wait for a server that was begun.

        Raises:
            SetupError: it ended, or was not ready within READY_SECONDS; has the last lines of its log.
        """
        assert self._process is not None, f"{self.name} was not begun"
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                problem = self._why_it_did_not_start(self._process.poll())
                self.kill()
                raise SetupError(problem)
            time.sleep(0.02)

    def _why_it_did_not_start(self, status: int | None) -> str:
        what = f"was not ready within {READY_SECONDS:.0f} s" if status is None else f"ended with status {status}"
        said = self.log[self._before_this_start :].splitlines()[-8:]
        return "\n".join([f"{self.name} did not start: it {what}. It last said:", *(said or ["(nothing)"])])

    def stop(self) -> None:
        """Stop in good order; what does not stop within STOP_SECONDS is killed."""
        if self._process is None:
            return
        self.ask_to_stop(self._process)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill it at once (SIGKILL), with its children, so that it can be started again right away."""
        if self._process is None:
            return
        try:
            parent = psutil.Process(self._process.pid)
            family = [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            family = []
        for member in family:
            try:
                member.kill()
            except psutil.NoSuchProcess:
                continue  # ended on its own, or with its parent
        self._process.wait()
        # A zombie that nobody buries yet holds nothing any more.
        deadline = time.monotonic() + STOP_SECONDS
        while any(_lives(member) for member in family[1:]) and time.monotonic() < deadline:
            time.sleep(0.01)
        self._process = None

    def restart(self) -> None:
        """Start again after `kill`, or stop and start."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._log.close()


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
