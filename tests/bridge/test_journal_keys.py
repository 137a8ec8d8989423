"""Making journal keys, and adding a new one in front."""

import os
from pathlib import Path

import pytest

from restate_bridge.contract import load_journal_keys
from restate_bridge.journal_keys import add_journal_key, main


def test_a_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "journal_keys"
    add_journal_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    keys = load_journal_keys(file.read_bytes())
    assert keys.open(keys.seal(b"Oslo")) == b"Oslo"


def test_a_new_key_stands_in_front_and_the_others_open_still(tmp_path: Path) -> None:
    file = tmp_path / "journal_keys"
    add_journal_key(file)
    kept = load_journal_keys(file.read_bytes()).seal(b"Oslo")
    file.chmod(0o640)
    add_journal_key(file)
    lines = file.read_text().splitlines()
    assert len(set(lines)) == 2
    assert load_journal_keys(file.read_bytes()).open(kept) == b"Oslo"
    assert load_journal_keys(lines[0].encode()).open(load_journal_keys(file.read_bytes()).seal(b"x")) == b"x"
    assert file.stat().st_mode & 0o777 == 0o640


def test_who_may_read_the_file_may_read_it_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "held" / "journal_keys"
    file.parent.mkdir()
    link = tmp_path / "journal_keys"
    link.symlink_to(file)
    add_journal_key(file)
    file.chmod(0o644)
    before = os.umask(0o077)
    try:
        add_journal_key(link)
    finally:
        os.umask(before)
    assert link.is_symlink()
    assert len(file.read_text().splitlines()) == 2
    assert file.stat().st_mode & 0o777 == 0o644
    assert [one.name for one in file.parent.iterdir()] == ["journal_keys"]


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "journal_keys"
    assert main([str(file)]) == 0
    assert "begins with a new key" in capsys.readouterr().out
    assert main([]) == 2
    file.write_text("something else")
    assert main([str(file)]) == 1
    assert file.read_text() == "something else"
