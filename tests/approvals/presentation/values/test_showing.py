"""Values as HTML: in the reader's form, escaped, whole, with what was sent."""

import base64
import html
import re
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from approvals.presentation.values.showing import show
from tests.approvals.presentation.values.test_kinds import DATA, DIFF


def words(value: JsonValue, **more: Any) -> str:
    return re.sub("<[^>]*>", "", show(value, **more).html)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1800.0, "USD", "1,800.00 USD"),
        (1800, "KRW", "1,800 KRW"),
        ("12.345", "USD", "12.345 USD"),
        ("12.3400", "USD", "12.34 USD"),
        ("0.1", "KWD", "0.100 KWD"),
        (-5, "EUR", "-5.00 EUR"),
        ("123456789012345678901234.56", "USD", "123,456,789,012,345,678,901,234.56 USD"),
        (0.1 + 0.2, "USD", "0.30000000000000004 USD"),
    ],
)
def test_money_has_its_currencys_digits_and_loses_none(value: JsonValue, code: str, shown: str) -> None:
    beside = {"amount": value, "currency": code}
    assert words(value, name="amount", beside=beside) == shown
    assert f'value="{value}"' in show(value, name="amount", beside=beside).html


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("visitors", 123456, "123,456"),
        ("order_number", 123456, "123456"),
        ("zip", 99999, "99999"),
        ("seats", 1500, "1500"),
        ("ratio", 1234.5, "1,234.5"),
        ("ratio", 1e300, "1e+300"),
        ("ratio", 5e-7, "5e-07"),
    ],
)
def test_numbers_that_count_are_grouped_and_those_that_name_are_not(name: str, value: JsonValue, shown: str) -> None:
    assert words(value, name=name) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-04-24", "Friday, 24 April 2026 2026-04-24"),
        ("2026-04-24T14:30:00Z", "Friday, 24 April 2026, 14:30 UTC 2026-04-24T14:30:00Z"),
        ("2026-04-24T14:30:05-03:30", "Friday, 24 April 2026, 14:30:05 UTC−3:30 2026-04-24T14:30:05-03:30"),
        ("2026-04-24T14:30", "Friday, 24 April 2026, 14:30 2026-04-24T14:30"),
        (True, "yes true"),
        (False, "no false"),
        (None, "not set null"),
    ],
)
def test_what_was_sent_stands_beside_what_it_means(value: JsonValue, shown: str) -> None:
    assert words(value) == shown


def test_a_date_is_told_in_the_readers_language() -> None:
    with translation.override("ko"):
        assert "금요일" in words("2026-04-24")


@pytest.mark.parametrize(
    ("url", "host", "warning"),
    [
        ("https://example.org:8080/a?b#c", "example.org", ""),
        ("https://example.org@evil.test/x", "evil.test", "not where it leads"),
        ("https://evil.test\\@example.org/x", "evil.test", ""),
        ("https://a:b@[::1]:80/", "[::1]", "not where it leads"),
        ("https://xn--pypal-4ve.com/", "xn--pypal-4ve.com", "reads as"),
        ("https://b\u00fccher.example/", "b\u00fccher.example", "other letters"),
        ("javascript://example.org/%0aalert(1)", "example.org", ""),
    ],
)
def test_a_url_is_no_link_and_its_host_stands_out(url: str, host: str, warning: str) -> None:
    shown = show(url).html
    assert f"<strong>{host}</strong>" in shown
    assert "<a" not in shown
    assert html.unescape(words(url)).startswith(url)
    assert (warning in shown) if warning else ("warning" not in shown)


def test_the_host_of_an_email_address_stands_out() -> None:
    shown = show("kim@pаypal.com").html
    assert "kim@<strong>" in shown
    assert "letters of several alphabets" in shown


def test_a_list_is_a_list_and_folds_when_it_is_long() -> None:
    assert show(["a", "<b>"]).html == '<ul class="items"><li>a</li><li>&lt;b&gt;</li></ul>'
    long = show(list(range(10_000)))
    assert (long.folds, long.size) == (True, "all 10000 items")
    assert long.html.count("<li>") == 10_000


def test_objects_of_one_kind_are_a_table() -> None:
    lines: JsonValue = [{"sku": "<a>", "price": 1.5, "currency": "EUR"}, {"sku": "", "note": None}]
    shown = show(lines, label="lines", schema={"items": {"properties": {"sku": {"title": "SKU"}}}})
    assert '<caption class="visually-hidden">lines: 2 rows</caption>' in shown.html
    headings = re.findall(r'<th scope="col" class="(\w+)">(\w+)</th>', shown.html)
    assert headings == [("text", "sku"), ("number", "price"), ("text", "currency"), ("text", "note")]
    for part in ("&lt;a&gt;", "1.50 EUR", "absent", "empty", "not set"):
        assert part in shown.html
    assert not shown.folds
    assert show([{"a": 1}] * 51).size == "all 51 rows"
    assert show([{"a": 1}] * 51).folds


def test_a_diff_has_words_for_those_who_hear_it() -> None:
    shown = show(DIFF + "\\ No newline at end of file")
    assert shown.kind == "diff"
    assert 'aria-hidden="true">+</span><span class="visually-hidden">added</span>' in shown.html
    assert "1 line added, 1 line removed" in shown.html
    assert not shown.folds
    long = show("@@ -0,0 +1,100 @@\n" + "+x\n" * 100)
    assert (long.folds, long.preview) == (True, "100 lines added, 0 lines removed")


def test_data_is_told_by_its_size_and_there_whole() -> None:
    shown = show(DATA, path="file")
    assert shown.html.startswith("256 bytes of data (base64)")
    assert DATA in html.unescape(shown.html)
    declared = base64.b64encode(b"a" * 300).decode()
    assert show(declared, schema={"contentEncoding": "base64"}).kind == "blob"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(_JSON, st.text(), st.dictionaries(st.sampled_from(["title", "items", "x-currency", "format"]), _JSON))
def test_no_value_name_or_schema_breaks_out(value: JsonValue, name: str, schema: dict[str, JsonValue]) -> None:
    shown = show(value, label=name, name=name, schema=schema, beside={"currency": "USD", name: value})
    allowed = set(re.findall("[a-z]+", "ul li table caption thead tbody tr th td div span data strong details summary"))
    for piece in f"{shown.html}{shown.preview}".split("<")[1:]:
        assert re.match(r"/?(\w+)", piece)[1] in allowed  # type: ignore[index]
