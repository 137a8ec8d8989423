"""`make run` as a person meets it: one command, everything up, Ctrl-C, nothing left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from embedded.ports import free_ports
from embedded.settings import PORTS, ROOT, Settings, from_environment

STOPS_WITHIN = 5.0


class Terminal:
    """A run and what it prints."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.output = folder / "output"
        self.settings: Settings = from_environment(settings)
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | settings
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "embedded.run"]
        with self.output.open("wb") as output:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT)

    def wait_for(self, text: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def stop(self, number: signal.Signals) -> float:
        """Stop it and return how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(STOPS_WITHIN * 3)
        return time.monotonic() - began


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    ports = {name: str(port) for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)}
    terminal = Terminal(tmp_path, ports | {"VAR_DIR": str(tmp_path / "var")})
    yield terminal
    if terminal.process.poll() is None:
        terminal.stop(signal.SIGTERM)


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def survivors(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_it_starts_restarts_what_dies_starts_warm_and_leaves_nothing_behind(terminal: Terminal) -> None:
    terminal.wait_for("Countersign is ready")
    web = terminal.settings.url("WEB_PORT") + "/health/live"
    assert httpx.get(web, trust_env=False).status_code == httpx.codes.OK

    unsigned = httpx.post(terminal.settings.url("AGENTS_PORT") + "/invoke/Weather/ask", trust_env=False)
    assert unsigned.status_code == httpx.codes.UNAUTHORIZED

    next(one for one in family(terminal.process) if "uvicorn" in " ".join(one.cmdline())).kill()
    terminal.wait_for("web had died and was started again")

    everyone = family(terminal.process)
    assert len(everyone) > 6
    assert terminal.stop(signal.SIGINT) < STOPS_WITHIN
    assert terminal.process.returncode == 0
    assert survivors(everyone) == []

    began = time.monotonic()
    terminal.process = terminal.start()
    terminal.wait_for("Countersign is ready")
    assert time.monotonic() - began < 10
    second = subprocess.run(
        [sys.executable, "-m", "embedded.run"],
        cwd=ROOT,
        env=terminal.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"already running on {terminal.settings.var} (process {terminal.process.pid})" in second.stderr


@pytest.mark.parametrize("seconds", [0.8, 2.0])
def test_stopped_in_the_middle_of_its_start_it_leaves_nothing_behind(terminal: Terminal, seconds: float) -> None:
    time.sleep(seconds)
    everyone = family(terminal.process)
    assert terminal.stop(signal.SIGTERM) < STOPS_WITHIN
    assert survivors(everyone) == []


def test_a_database_that_does_not_answer_is_said_in_one_sentence(terminal: Terminal) -> None:
    terminal.stop(signal.SIGTERM)
    port = free_ports(1)[0]
    terminal.environment |= {"DATABASE_URL": f"postgresql://me:wrong@127.0.0.1:{port}/inbox"}
    terminal.process = terminal.start()
    assert terminal.process.wait(30) == 1
    assert "DATABASE_URL" in terminal.output.read_text()
    assert "Traceback" not in terminal.output.read_text()
    assert "wrong" not in terminal.output.read_text()
