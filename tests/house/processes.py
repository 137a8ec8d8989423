"""The product's own processes, as the embedded default starts them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from embedded.environment import HARMFUL
from embedded.server import Server, launched
from embedded.settings import ROOT


class Program(Server):
    """One of our programs, which a test may kill and start again."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], is_ready: Callable[[], bool]) -> None:
        """Make it; ``command`` follows the Python interpreter."""
        super().__init__()
        self.name, self._command, self._env, self._is_ready = name, command, dict(env), is_ready

    def launch(self, output: int) -> subprocess.Popen[str]:
        """Start it with our interpreter."""
        return launched([sys.executable, *self._command], cwd=ROOT, env=self._env, output=output)

    def ready(self) -> bool:
        """Whether it answers."""
        return self._is_ready()

    def ask_to_stop(self, process: subprocess.Popen[str]) -> None:
        """Ask it to stop in good order."""
        process.send_signal(signal.SIGTERM)


def run_once(command: list[str], env: Mapping[str, str], *, stdin: str = "") -> None:
    """Run a program of ours to its end; an error shows what it printed."""
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=dict(env), input=stdin, text=True, capture_output=True, check=False
    )
    assert result.returncode == 0, f"{' '.join(command)} failed:\n{result.stdout}\n{result.stderr}"


def scratch(folder: Path) -> Path:
    """Let PostgreSQL's own account reach its folder below ``folder``, as far as that is ours to allow."""
    for parent in [folder, *folder.parents]:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    return folder


def plain_environment() -> dict[str, str]:
    """Return this process's environment without what the embedded default leaves out of its own."""
    return {name: value for name, value in os.environ.items() if name not in HARMFUL}
