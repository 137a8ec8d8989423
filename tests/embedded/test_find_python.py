"""The interpreter search runs its candidates, because a shim may stand on the PATH and fail."""

import os
import subprocess
import sys
from pathlib import Path

from embedded.settings import ROOT

SCRIPT = ROOT / "embedded" / "find-python.sh"


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def search(folder: Path) -> subprocess.CompletedProcess[str]:
    """Search with the folder and the system's basic tools on the PATH, from a place that has no .venv."""
    tools = {"ls", "sort"}
    for tool in tools:
        found = next(Path(place) / tool for place in ("/bin", "/usr/bin") if (Path(place) / tool).exists())
        (folder / tool).symlink_to(found)
    env = {"PATH": str(folder), "HOME": str(folder)}
    return subprocess.run(["/bin/sh", SCRIPT], cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_a_shim_that_fails_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "python3.14", "echo 'version not installed' >&2; exit 127")
    program(tmp_path, "python3.13", f'exec "{sys.executable}" "$@"')
    assert Path(search(tmp_path).stdout.strip()).resolve() == Path(sys.executable).resolve()


def test_an_interpreter_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "python3.12", "exit 1")
    program(tmp_path, "python3", f'exec "{sys.executable}" "$@"')
    assert search(tmp_path).stdout.strip()


def test_a_version_of_pyenv_is_found_when_the_path_has_none(tmp_path: Path) -> None:
    place = tmp_path / ".pyenv" / "versions" / "3.13.0" / "bin"
    place.mkdir(parents=True)
    program(place, "python3", f'exec "{sys.executable}" "$@"')
    assert search(tmp_path).stdout.strip()


def test_without_any_interpreter_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    result = search(tmp_path)
    assert result.returncode == 1
    assert "needs Python 3.12 or newer" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_script_is_executable() -> None:
    assert os.access(SCRIPT, os.X_OK)
