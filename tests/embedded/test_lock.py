"""One run a data folder, and nothing is removed while it runs."""

import os
from pathlib import Path

import pytest

from embedded import lock
from embedded.errors import SetupError


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("VAR_DIR", str(folder))
    return folder


def test_a_second_run_is_told_the_process_of_the_first(var: Path) -> None:
    held = lock.acquire(var)
    with pytest.raises(SetupError, match=rf"already running on .* \(process {os.getpid()}\)"):
        lock.acquire(var)
    os.close(held)
    os.close(lock.acquire(var))


def test_reset_empties_the_folder(var: Path) -> None:
    os.close(lock.acquire(var))
    (var / "log").mkdir()
    (var / "log" / "web.log").write_text("…")
    assert lock.reset() == 0
    assert list(var.iterdir()) == []


def test_reset_refuses_while_running(var: Path) -> None:
    held = lock.acquire(var)
    with pytest.raises(SetupError, match="already running"):
        lock.reset()
    os.close(held)


def test_reset_leaves_a_folder_alone_that_is_not_ours(var: Path) -> None:
    var.mkdir()
    (var / "thesis.txt").write_text("years of work")
    with pytest.raises(SetupError, match="nothing was removed"):
        lock.reset()
    assert (var / "thesis.txt").exists()
