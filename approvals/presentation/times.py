"""Times and durations in words: units, dates and lists as CLDR has them, sentences from the catalogue.

`static/js/times.js` keeps them fresh by the same rules, with the browser's own CLDR and the sentences of `sentences`.
"""

import math
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Final

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.units import format_unit
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def locale() -> str:
    """Return the name that CLDR has for the language of the page."""
    return to_locale(get_language() or "en")


def sentences() -> dict[str, str]:
    """Return ``{name: sentence}`` for all that is said around a span, a date or a clock, for the script as for here."""
    return _sentences_in(get_language())


# A page writes a hundred times: what they are made of is looked up once a language.
@cache
def _sentences_in(_language: str | None) -> dict[str, str]:
    return {
        "ago": _("{span} ago"),
        "now": _("just now"),
        "left": _("{span} left"),
        "overdue": _("overdue"),
        "over": _("no time left"),
        "in": _("in {span}"),
        "soon": _("any moment now"),
        "moment": _("in a moment"),
        "under": _("under {span}"),
        "dated": _("{date}, {time}"),
    }


def span(length: timedelta, *, exact: bool = False) -> str:
    """Return a length of time by its largest unit, or by its two largest: ``3 hr``, ``3 hr 12 min``."""
    seconds = max(0, int(length.total_seconds()))
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    if days:
        return _joined(_unit(days, "day"), hours, "hour", exact)
    if hours:
        return _joined(_unit(hours, "hour"), minutes, "minute", exact)
    return _unit(minutes, "minute") if minutes else sentences()["under"].format(span=_unit(1, "minute"))


def _joined(large: str, small: int, unit: str, exact: bool) -> str:
    if not (exact and small):
        return large
    return format_list([large, _unit(small, unit)], style="unit-narrow", locale=locale())


def _unit(number: float, name: str) -> str:
    return _unit_in(locale(), number, name)


@lru_cache(maxsize=1_000, typed=True)
def _unit_in(language: str, number: float, name: str) -> str:
    return format_unit(number, name, length="short", locale=language)


def in_words(at: datetime, now: datetime, form: str) -> str:
    """Return a time as a page writes it.

    Args:
        form: ``age`` (3 hr), ``ago`` (3 hr 12 min ago), ``left`` (20 hr left), ``remaining`` (20 hr 48 min),
            ``until`` (in 3 hr 12 min), ``clock`` (09:28:41), ``moment`` (the clock today, with the date on other days)
            or ``since`` (09:28 today, with the date on other days).
    """
    words = sentences()
    match form:
        case "age":
            return span(now - at)
        case "ago":
            past = now - at
            return words["now"] if past < timedelta(minutes=1) else words["ago"].format(span=span(past, exact=True))
        case "left":
            return words["left"].format(span=span(at - now)) if at > now else words["overdue"]
        case "remaining":
            return span(at - now, exact=True) if at > now else words["over"]
        case "until":
            return words["in"].format(span=span(at - now, exact=True)) if at > now else words["soon"]
        case "clock" | "moment" | "since":
            return _by_the_clock(at, now, form)
    raise ValueError(f"there is no form {form!r}")


def _by_the_clock(at: datetime, now: datetime, form: str) -> str:
    # Twenty-four hours and digits alone, in every language: columns of times are read like numbers.
    if form != "clock" and at.date() != now.date():
        return sentences()["dated"].format(date=format_skeleton("MMMd", at, locale=locale()), time=f"{at:%H:%M}")
    return f"{at:%H:%M}" if form == "since" else f"{at:%H:%M:%S}"


def whole(at: datetime) -> str:
    """Return a time with all there is to it: ``April 24, 2026, 09:28:41 UTC``."""
    return sentences()["dated"].format(date=_date_in(locale(), at.date()), time=f"{at:%H:%M:%S %Z}")


@lru_cache(maxsize=1_000)
def _date_in(language: str, day: date) -> str:
    return format_date(day, "long", locale=language)


def countdown(left: timedelta) -> str:
    """Return how soon something small happens: ``in 4 sec``, and ``in a moment`` when its time has come."""
    seconds, words = math.ceil(left.total_seconds()), sentences()
    return words["in"].format(span=_unit(seconds, "second")) if seconds > 0 else words["moment"]


def duration(length: timedelta) -> str:
    """Return how long a step took: ``84 ms``, ``1.9 sec``, ``2 min 5 sec``, then as `span` does."""
    seconds = length.total_seconds()
    if seconds < 1:
        return _unit(round(seconds * 1000), "millisecond")
    if seconds < _MINUTE:
        return _unit(round(seconds, 1), "second")
    if seconds < _HOUR:
        return _joined(_unit(int(seconds // _MINUTE), "minute"), int(seconds % _MINUTE), "second", exact=True)
    return span(length, exact=True)


def share_used(begin: datetime, end: datetime, now: datetime) -> int:
    """Return how much of the time between two moments has passed, in percent, 0 to 100."""
    length = (end - begin).total_seconds()
    return 100 if length <= 0 else round(100 * min(1, max(0, (now - begin).total_seconds() / length)))
