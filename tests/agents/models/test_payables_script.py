"""What the payables agent's script makes of what people type."""

import pytest

from agents.models.scripts.payables import play
from agents.models.transcript import Line, Transcript


def said(*texts: str) -> Line:
    return play(Transcript(unsettled=list(texts)))


def test_it_reads_each_invoice_with_its_amount() -> None:
    [call] = said(
        "Pay A-17 of Nordwind for 1,200 EUR, A-18 of Hanil Trading for 300.50 EUR and B7 from Acme: 9k EUR"
    ).calls
    assert call.tool == "pay_invoices"
    assert call.arguments["invoices"] == [
        {"number": "A-17", "supplier": "Nordwind", "amount": 1200.0},
        {"number": "A-18", "supplier": "Hanil Trading", "amount": 300.5},
        {"number": "B7", "supplier": "Acme", "amount": 9000.0},
    ]


def test_it_reads_a_new_account_with_or_without_spaces() -> None:
    for account in ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"):
        [call] = said(f"Pay Nordwind to {account} from now on").calls
        assert call.arguments == {"change": {"supplier": "Nordwind", "account": "DE89370400440532013000"}}


@pytest.mark.parametrize("text", ["Take on Hanil Trading, please", "Please take on Hanil Trading", "add Hanil Trading"])
def test_it_reads_a_new_supplier(text: str) -> None:
    [call] = said(text).calls
    assert (call.tool, call.arguments) == ("take_on_supplier", {"supplier": "Hanil Trading"})


@pytest.mark.parametrize("text", ["hello", "pay something", "Pay Nordwind", "1,200 EUR"])
def test_it_says_what_it_can_do_when_it_finds_nothing_to_pay(text: str) -> None:
    line = said(text)
    assert line.text.startswith("I pay invoices")
    assert not line.calls
