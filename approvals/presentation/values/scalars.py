"""Single values as HTML: in the reader's form, with exactly what was sent beside it or behind it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import JsonValue

from approvals.presentation.text import reveal
from approvals.presentation.values.addresses import email_in_parts, url_in_parts
from approvals.presentation.values.currencies import currency_of, digits_of, exact_of
from approvals.presentation.values.kinds import Kind, Schema, bytes_in, kind_of
from approvals.presentation.values.moments import date_in, day_in_words, moment_in, moment_in_words
from approvals.presentation.values.names import words_of
from approvals.presentation.values.plain import in_words, raw_of

# Below this nobody needs separators; numbers called so tell things apart and count nothing.
_GROUPED_FROM: Final = 10_000
_IDENTIFIERS: Final = words_of(
    "id ids no number nr key code ref reference order account zip postcode phone port pin year version"
)


def scalar(
    value: JsonValue, *, name: str = "", schema: Schema | None = None, beside: Mapping[str, JsonValue] | None = None
) -> SafeString:
    """Return a single value as HTML; a list or an object in its place is JSON in one line."""
    schema, beside = schema or {}, beside or {}
    kind = kind_of(value, name=name, schema=schema, beside=beside)
    if kind is Kind.MONEY:
        return _money(value, currency_of(value, name, schema, beside))
    if kind is Kind.NUMBER:
        return _number(value, name)
    show = _BY_KIND.get(kind)
    return show(value) if show else reveal(raw_of(value))


def _money(value: JsonValue, code: str) -> SafeString:
    exact = exact_of(value) or Decimal(0)
    most = max(digits_of(code), -int(exact.as_tuple().exponent))
    # More digits than the currency has stay, unless they are zeros.
    plain = f"{exact:.{most}f}"
    while most > digits_of(code) and plain.endswith("0"):
        plain, most = plain[:-1], most - 1
    return _with_sent(_("%(amount)s %(currency)s") % {"amount": _grouped(plain), "currency": code}, value)


def _number(value: JsonValue, name: str) -> SafeString:
    words, _kind = in_words(value)
    exact = exact_of(value)
    if exact is not None:
        plain = f"{exact:f}".removesuffix(".0")
        is_counted = abs(exact) >= _GROUPED_FROM and not words_of(name) & _IDENTIFIERS
        words = _grouped(plain) if isinstance(value, float) or (name and is_counted) else plain
    return _with_sent(words, value)


def _grouped(plain: str) -> str:
    return str(number_format(plain, use_l10n=True, force_grouping=True))


def _with_sent(words: str, value: JsonValue) -> SafeString:
    sent = raw_of(value)
    if words == sent:
        return reveal(words)
    return format_html(
        '<data value="{}" title="{}">{}</data>', sent, _("sent as %(value)s") % {"value": sent}, reveal(words)
    )


def _beside(words: str, sent: str) -> SafeString:
    return format_html('{} <span class="sent">{}</span>', words, reveal(sent))


def _flag(value: JsonValue) -> SafeString:
    return _beside(_("yes") if value else _("no"), raw_of(value))


def _nothing(value: JsonValue) -> SafeString:
    return format_html('<span class="muted">{}</span> <span class="sent">null</span>', _("not set"))


def _date(value: JsonValue) -> SafeString:
    day = date_in(str(value))
    return _beside(day_in_words(day), str(value)) if day else reveal(str(value))


def _moment(value: JsonValue) -> SafeString:
    moment = moment_in(str(value))
    return _beside(moment_in_words(moment), str(value)) if moment else reveal(str(value))


def blob_in_words(text: str) -> str:
    """Say how much data a base64 text holds."""
    count = bytes_in(text) or 0
    return ngettext("%(count)s byte of data (base64)", "%(count)s bytes of data (base64)", count) % {
        "count": _grouped(str(count))
    }


_BY_KIND: Final[dict[Kind, Callable[[JsonValue], SafeString]]] = {
    Kind.FLAG: _flag,
    Kind.NOTHING: _nothing,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.URL: lambda value: url_in_parts(str(value)),
    Kind.EMAIL: lambda value: email_in_parts(str(value)),
}
