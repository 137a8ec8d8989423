"""Reading what people type about money and days, forgivingly."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

_CURRENCIES: Final = {
    "EUR": "€|eur|euros?",
    "USD": r"us\$|\$|usd|dollars?|bucks",
    "GBP": "£|gbp|pounds?|quid",
    "CHF": "chf|francs?|franken",
    "JPY": "¥|jpy|yen",
    "INR": "₹|inr|rupees?",
    "PLN": "zł|pln|zloty",
    "SEK": "sek|kronor",
    "NOK": "nok|kroner",
    "DKK": "dkk",
    "CZK": "kč|czk",
    "CAD": "cad",
    "AUD": "aud",
    "CNY": "cny|rmb|yuan",
    "BRL": r"r\$|brl|reais",
    "TRY": "₺|lira",
    "KRW": "₩|krw",
}
_WORD: Final = r"(?:" + "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items()) + r")"
_PLAIN_WORD: Final = r"(?:" + "|".join(_CURRENCIES.values()) + r")"
_NUMBER: Final = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_AMOUNT: Final = re.compile(
    rf"(?P<pre>(?<![a-z]){_PLAIN_WORD}\s?)?(?<![\w.,])?(?P<number>{_NUMBER})"
    rf"(?:[.,][-–]+)?\s?(?P<factor>k|thousand|grand|million|mio)?(?![a-z])(?:\s?(?P<post>{_PLAIN_WORD})(?![a-z]))?",
    re.IGNORECASE,
)
# What a number counts when it counts no money.
_UNIT: Final = re.compile(
    r"\s?-?\s?(?:nights?|days?|weeks?|months?|years?|hours?|hrs?|h|minutes?|people|persons?|guests?|colleagues|tickets?|"
    r"km|miles|kg|pieces|pcs|x|%|am|pm|st|nd|rd|th|laptops?|monitors?|chairs?|inch|gb|tb)\b",
    re.IGNORECASE,
)
_NEGATIVE: Final = re.compile(rf"(?:^|[\s(])[-−–]\s?(?:{_PLAIN_WORD}\s?)?\d", re.IGNORECASE)
_SEPARATORS: Final = str.maketrans({"٬": ",", "٫": ".", "，": ",", "．": "."})
_FACTORS: Final = {"k": 1e3, "thousand": 1e3, "grand": 1e3, "million": 1e6, "mio": 1e6}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<mm>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"\b(?P<day>\d{1,2})[./](?P<mm>\d{1,2})[./](?P<year>\d{4})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>20\d\d))?\b", re.I),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>20\d\d))?(?![.,]?\d)", re.I),
)
_AGO: Final = {"the day before yesterday": 2, "yesterday": 1, "today": 0, "last week": 7, "last month": 30}


def currency_in(text: str) -> str | None:
    """Return the currency that the text names next to an amount or anywhere, as an ISO 4217 code."""
    found = re.search(rf"(?<![a-z]){_WORD}(?![a-z])", text, re.IGNORECASE)
    return found.lastgroup if found else None


def amount_in(text: str) -> float | None:
    """Return the amount of money in the text, or None.

    A number beside a currency counts before one that stands alone; of several that stand alone, the largest.
    """
    text = _without_dates(_in_plain_digits(text))
    if _NEGATIVE.search(text):
        # Somebody owes, or mistyped: rather ask back than claim the opposite.
        return None
    with_currency, alone = [], []
    for found in _AMOUNT.finditer(text):
        value = round(_number(found["number"]) * _FACTORS.get((found["factor"] or "").lower(), 1), 2)
        if value <= 0:
            continue
        if found["pre"] or found["post"]:
            with_currency.append(value)
        elif not _UNIT.match(text, found.end("number")):
            alone.append(value)
    return max(with_currency or alone, default=None)


def _in_plain_digits(text: str) -> str:
    """Return the text with the digits and separators of every script as the ones that the patterns know."""
    plain = "".join(str(digit) if (digit := unicodedata.digit(c, None)) is not None else c for c in text)
    return plain.translate(_SEPARATORS)


def days_in(text: str, today: date) -> list[date]:
    """Return each day that the text names with its year, as ISO 8601 has it or with dots or slashes."""
    found = [match.groupdict() for pattern in _DATES[:2] for match in pattern.finditer(text)]
    return [day for parts in found if (day := _day(parts, today))]


def date_in(text: str, today: date) -> date | None:
    """Return the day that the text names, or None."""
    for pattern in _DATES:
        if (found := pattern.search(text)) and (day := _day(found.groupdict(), today)):
            return day
    lowered = text.lower()
    return next((today - timedelta(days=days) for words, days in _AGO.items() if words in lowered), None)


def _number(text: str) -> float:
    text = re.sub(r"['’ \u00a0\u202f]", "", text)
    whole, separator, decimals = text[:-3], text[-3:-2], text[-2:]
    if separator in {".", ","} and separator:
        return float(re.sub(r"[.,]", "", whole) + "." + decimals)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    return float(text.replace(",", "."))


def _without_dates(text: str) -> str:
    for pattern in _DATES:
        text = pattern.sub(" ", text)
    return text


def _day(parts: dict[str, str | None], today: date) -> date | None:
    month = int(parts["mm"] or 0) if "mm" in parts else _MONTHS.index((parts["month"] or "")[:3].lower()) + 1
    year = parts.get("year")
    try:
        day = date(int(year) if year else today.year, month, int(parts["day"] or 0))
    except ValueError:
        return None
    # A day without a year is the last one that was, not one to come.
    return day.replace(year=day.year - 1) if year is None and day > today and (day.month, day.day) != (2, 29) else day
