"""One run a data folder: the lock, who holds it, and how to stop or empty what it guards."""

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import psutil

from embedded.errors import SetupError
from embedded.settings import ROOT, from_environment
from embedded.steps import say, sentence_or_exit


def acquire(var: Path) -> int:
    """Take the lock and return its file descriptor; the kernel frees it when all who hold it have ended.

    Raises:
        SetupError: another run has it; names its process.
    """
    var.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(var / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise SetupError(
            f"Countersign is already running on {var} (process {holder(var)}); stop it with Ctrl-C there, or with "
            "make stop, or set VAR_DIR and the ports to run a second one."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def holder(var: Path) -> int | None:
    """The process to stop: the run itself or, when that was killed, the supervisor that it left behind."""
    for name in ("run.lock", "supervisord.pid"):
        path = var / name
        text = path.read_text().strip() if path.exists() else ""
        if text.isdigit() and psutil.pid_exists(int(text)):
            return int(text)
    return None


def stop() -> int:
    """`make stop`: stop the run on this data folder, wherever it was started."""
    var = from_environment().var
    try:
        os.close(acquire(var))
    except SetupError:
        pid = holder(var)
        if pid is None:
            raise
        os.kill(pid, signal.SIGTERM)
        _wait_until_free(var)
        say("Stopped.")
        return 0
    say("Nothing was running.")
    return 0


def _wait_until_free(var: Path) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            return os.close(acquire(var))
        except SetupError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def reset() -> int:
    """`make reset`: empty the data folder, unless something runs on it."""
    var = from_environment().var
    if var.exists() and any(var.iterdir()) and not (var / "run.lock").exists() and var != ROOT / "var":
        raise SetupError(f"{var} does not look like a data folder of Countersign, so nothing was removed.")
    lock = acquire(var)
    for entry in var.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != "run.lock":
            entry.unlink()
    (var / "run.lock").unlink()
    os.close(lock)
    say(f"{var} is empty.")
    return 0


if __name__ == "__main__":
    sys.exit(sentence_or_exit({"stop": stop, "reset": reset}[sys.argv[1]]))
