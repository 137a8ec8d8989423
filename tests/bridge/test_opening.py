"""Entries of a journal are read as they were before they were sealed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from restate_bridge.contract import sealed, use_journal_keys
from restate_bridge.journal_keys import add_journal_key
from restate_bridge.opening import opened_entry, opened_or_not


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "journal_keys"
    add_journal_key(file)
    use_journal_keys(file)
    yield file
    use_journal_keys(None)


def test_payloads_are_opened_wherever_an_entry_has_them(keys: Path) -> None:
    kept = list(sealed(b'"Oslo"'))
    plain = list(b'"Oslo"')
    bodies: list[dict[str, Any]] = [
        {"payload": kept, "headers": []},
        {"key": "notes", "value": kept},
        {"request": {"parameter": kept, "key": "a"}},
        {"completion_id": 1, "result": {"Success": kept}},
    ]
    opened = [opened_entry(body) for body in bodies]
    assert opened[0]["payload"] == opened[1]["value"] == opened[2]["request"]["parameter"] == plain
    assert opened[3]["result"]["Success"] == plain
    assert opened[2]["request"]["key"] == "a"


@pytest.mark.parametrize(
    "body",
    [{}, {"payload": [1, 2]}, {"payload": "text"}, {"payload": [300]}, {"result": {"Failure": {"message": "no"}}}],
)
def test_what_was_never_sealed_stays_as_it_is(keys: Path, body: dict[str, Any]) -> None:
    assert opened_entry(body) == body


def test_what_can_not_be_opened_stays_as_it_is(keys: Path) -> None:
    kept = sealed(b"Oslo")
    use_journal_keys(None)
    assert opened_or_not(kept) == kept
    assert opened_entry({"payload": list(kept)}) == {"payload": list(kept)}
