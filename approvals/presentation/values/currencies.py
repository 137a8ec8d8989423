"""Which numbers are money, and of which currency. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic import JsonValue

from approvals.presentation.values.names import words_of

_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?")
_AMOUNTS: Final = words_of(
    "amount price total subtotal sum cost costs fee fees value balance payment tax budget salary refund discount limit"
)
# Counted in the smallest unit, or no sum at all: shown as the number that it is.
_NO_AMOUNTS: Final = words_of(
    "cents cent minor pence micros percent percentage pct rate count quantity qty id number no"
)
# ISO 4217, what is in circulation; then those whose smallest unit is not a hundredth.
_CODES: Final = words_of(
    """aed afn all amd aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf clf clp
    cny cop crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl htg huf idr
    ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd mmk mnt
    mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd
    scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx usd uyu uyw uzs ved
    ves vnd vuv wst xaf xcd xof xpf yer zar zmw zwg"""
)
_DIGITS: Final = {
    **dict.fromkeys(words_of("bif clp djf gnf isk jpy kmf krw pyg rwf ugx vnd vuv xaf xof xpf"), 0),
    **dict.fromkeys(words_of("bhd iqd jod kwd lyd omr tnd"), 3),
    **dict.fromkeys(words_of("clf uyw"), 4),
}


def currency_of(value: JsonValue, name: str, schema: Mapping[str, Any], beside: Mapping[str, JsonValue]) -> str:
    """Return the code of the currency that a value is an amount of, empty when it is none.

    The schema tells by ``x-currency`` (a code, or the name of the argument that holds it); otherwise a currency has to
    stand beside an argument that is called an amount, a price and the like.
    """
    if exact_of(value) is None:
        return ""
    named = schema.get("x-currency")
    if isinstance(named, str):
        return _code(named) or _code(beside.get(named))
    own = _code(beside.get(f"{name}_currency")) or _code(beside.get(f"{name}Currency"))
    near = (
        own or _code(beside.get("currency")) or _code(beside.get("currency_code")) or _code(beside.get("currencyCode"))
    )
    return near if schema.get("format") in ("money", "currency") or own or _is_amount(name) else ""


def exact_of(value: JsonValue) -> Decimal | None:
    """Return the exact number that a value stands for, None when it is no number of ordinary size."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value)
    return Decimal(text) if _DECIMAL.fullmatch(text) and text.isascii() else None


def digits_of(code: str) -> int:
    """Return how many digits a currency's amounts have behind the point."""
    return _DIGITS.get(code.lower(), 2)


def _is_amount(name: str) -> bool:
    words = words_of(name)
    return bool(words & _AMOUNTS) and not words & _NO_AMOUNTS


def _code(value: object) -> str:
    return value if isinstance(value, str) and value.isupper() and value.lower() in _CODES else ""
