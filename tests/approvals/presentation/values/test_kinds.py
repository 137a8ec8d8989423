"""What a value is, by its schema, its name, its neighbours and itself."""

import base64
from typing import Any

import pytest
from pydantic import JsonValue

from approvals.presentation.values.currencies import currency_of, digits_of
from approvals.presentation.values.diffs import Change, lines_of_diff
from approvals.presentation.values.kinds import Kind, kind_of

DIFF = "--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,3 @@\n same\n-old\n+new\n last\n"
DATA = base64.b64encode(bytes(range(256))).decode()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, Kind.FLAG),
        (None, Kind.NOTHING),
        (5, Kind.NUMBER),
        (0.5, Kind.NUMBER),
        ("words", Kind.TEXT),
        ("2026-04-24", Kind.DATE),
        ("2026-13-24", Kind.TEXT),
        ("2026-04-24T14:30:00Z", Kind.MOMENT),
        ("2026-04-24 14:30", Kind.MOMENT),
        ("2026-04-24T25:30", Kind.TEXT),
        ("https://example.org/a b", Kind.TEXT),
        ("https://example.org/a", Kind.URL),
        ("a.b@example.org", Kind.EMAIL),
        ("a@b@example.org", Kind.TEXT),
        (DATA, Kind.BLOB),
        ("x" * 5_000, Kind.TEXT),
        (DIFF, Kind.DIFF),
        (DIFF.replace("-1,3", "-1,4"), Kind.TEXT),
        ("two\nlines", Kind.TEXT),
        ([1, "a", None], Kind.ITEMS),
        ([], Kind.JSON),
        ([[1]], Kind.JSON),
        ([{"a": 1}, {"b": 2}], Kind.TABLE),
        ([{"a": 1}, 5], Kind.JSON),
        ([{"a": {"b": 1}}], Kind.JSON),
        ([{}], Kind.JSON),
        ([{f"k{n}": n for n in range(20)}], Kind.JSON),
        ({"a": 1}, Kind.JSON),
    ],
)
def test_what_a_value_is_by_itself(value: JsonValue, kind: Kind) -> None:
    assert kind_of(value) is kind


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("sql", {}, Kind.SOURCE),
        ("shellCommand", {}, Kind.SOURCE),
        ("postcode", {}, Kind.TEXT),
        ("x", {"contentMediaType": "text/x-python"}, Kind.SOURCE),
    ],
)
def test_source_is_told_by_its_name_or_its_schema(name: str, schema: dict[str, Any], kind: Kind) -> None:
    assert kind_of("SELECT 1", name=name, schema=schema) is kind


@pytest.mark.parametrize(
    ("value", "name", "schema", "beside", "code"),
    [
        (1800.0, "amount", {}, {"currency": "USD"}, "USD"),
        ("1800.00", "total_price", {}, {"currency": "KRW"}, "KRW"),
        (5, "unitPrice", {}, {"currencyCode": "EUR"}, "EUR"),
        (5, "bonus", {}, {"bonus_currency": "EUR"}, "EUR"),
        (5, "x", {"x-currency": "JPY"}, {}, "JPY"),
        (5, "x", {"x-currency": "paid_in"}, {"paid_in": "CHF"}, "CHF"),
        (5, "x", {"format": "money"}, {"currency": "CHF"}, "CHF"),
        (5, "x", {}, {"currency": "CHF"}, ""),
        (5, "quantity", {}, {"currency": "USD"}, ""),
        (180000, "amount_cents", {}, {"currency": "USD"}, ""),
        (5, "amount", {}, {"currency": "XXQ"}, ""),
        (5, "amount", {}, {"currency": ["USD"]}, ""),
        ("five", "amount", {}, {"currency": "USD"}, ""),
        (True, "amount", {}, {"currency": "USD"}, ""),
        (1e300, "amount", {}, {"currency": "USD"}, ""),
    ],
)
def test_which_numbers_are_money(
    value: JsonValue, name: str, schema: dict[str, Any], beside: dict[str, JsonValue], code: str
) -> None:
    assert currency_of(value, name, schema, beside) == code


def test_currencies_have_the_digits_of_iso_4217() -> None:
    assert [digits_of(code) for code in ("USD", "KRW", "KWD", "CLF")] == [2, 0, 3, 4]


def test_a_diff_has_its_lines_numbered_on_both_sides() -> None:
    lines = [(line.change, line.old, line.new) for line in lines_of_diff(DIFF)]
    assert lines[3:] == [
        (Change.SAME, 1, 1),
        (Change.REMOVED, 2, None),
        (Change.ADDED, None, 2),
        (Change.SAME, 3, 3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "--- a\n+++ b\n",
        "@@ -1 +1 @@\n-a\n+b\nand then words",
        "@@ -1 +1 @@\n-a\n-b\n+c",
        "@@ -1 +1 @@\n*a",
        "words\n@@ -1 +1 @@\n-a\n+b",
        "@@ -99999999999999999999 +1 @@\n-a\n+b",
    ],
)
def test_what_is_not_quite_a_diff_is_none(text: str) -> None:
    assert lines_of_diff(text) == []
