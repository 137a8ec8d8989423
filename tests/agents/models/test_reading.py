"""Reading amounts, currencies and days from what people type."""

from datetime import date

import pytest

from agents.models.reading import amount_in, currency_in, date_in

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1,800 EUR for a flight", 1800, "EUR"),
        ("reimburse 1.800,50€ hotel, 2 nights", 1800.5, "EUR"),
        ("$2k laptop", 2000, "USD"),
        ("I spent 45 on lunch", 45, None),
        ("paid 1 250.00 chf on 2026-02-03", 1250, "CHF"),
        ("£1,234.56", 1234.56, "GBP"),
        ("1.8k", 1800, None),
        ("3 nights hotel, 900", 900, None),
        ("12.11.2025 taxi 45,90 Euro", 45.9, "EUR"),
        ("paid 1'200 francs", 1200, "CHF"),
        ("usd 75", 75, "USD"),
        ("EUR 3.5 million", 3_500_000, "EUR"),
        ("5000,- €", 5000, "EUR"),
        ("two tickets, 1300 dollars, on Nov 3", 1300, "USD"),
        ("¥120000 for the train", 120_000, "JPY"),
        ("dinner for 6 people: 240", 240, None),
        ("1800", 1800, None),
        ("eighteen hundred", None, None),
        ("0 EUR", None, "EUR"),
        ("please reimburse my trip", None, None),
        ("", None, None),
    ],
)
def test_amounts_are_read_forgivingly(text: str, amount: float | None, currency: str | None) -> None:
    assert amount_in(text) == amount
    assert currency_in(text) == currency


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 2026-02-03", date(2026, 2, 3)),
        ("am 3.2.2026", date(2026, 2, 3)),
        ("on 3 February", date(2026, 2, 3)),
        ("on the 3rd of November", date(2025, 11, 3)),
        ("Nov 3, 2025", date(2025, 11, 3)),
        ("yesterday", date(2026, 3, 14)),
        ("today", TODAY),
        ("last week", date(2026, 3, 8)),
        ("on 31.2.2026", None),
        ("sometime", None),
    ],
)
def test_days_are_read_forgivingly(text: str, day: date | None) -> None:
    assert date_in(text, TODAY) == day


@pytest.mark.parametrize("text", ["-1,450 EUR for a refund", "please book (-20 USD)", "it was − 300 €"])
def test_a_negative_amount_is_asked_about_rather_than_turned_around(text: str) -> None:
    assert amount_in(text) is None


def test_a_hyphen_within_words_is_no_minus() -> None:
    assert amount_in("train, Berlin-Vienna, 450 EUR") == 450


def test_digits_of_other_scripts_are_digits() -> None:
    assert amount_in("١٬٦٠٠ EUR") == 1600
    assert amount_in("１，６００ EUR") == 1600
