"""What was paid is found again."""

from pathlib import Path

import pytest

from agents.claims.ledger import count_paid, pay_once

CLAIM = {"amount": 1800.0, "currency": "EUR", "items": [{"what": "flight"}], "booking": {"project": None}}


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AGENTS_DATA_DIR", str(tmp_path))
    return tmp_path / "claims-ledger.jsonl"


def test_payments_for_the_same_claim_are_counted(ledger: Path) -> None:
    wanted = {"amount": 1800.0, "currency": "EUR"}
    assert count_paid(wanted) == 0
    for payment in ("one", "two", "two"):
        pay_once(payment, {"claim": CLAIM})
    pay_once("other", {"claim": CLAIM | {"amount": 1801.0}})
    assert count_paid(wanted) == 2


def test_lines_that_are_no_payments_do_not_count(ledger: Path) -> None:
    ledger.write_text('nonsense\n[]\n{"id": "x"}\n{"claim": "none"}\n{"claim": {"amount": 1}}\n')
    assert count_paid({"amount": 1}) == 1
