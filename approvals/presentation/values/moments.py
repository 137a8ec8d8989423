"""Dates and times in texts, and in the reader's words."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?")


def date_in(text: str) -> date | None:
    """Return the day that a text such as ``2026-04-24`` names, None when it names none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 and _DATE.fullmatch(text) and text.isascii() else None
    except ValueError:
        return None


def moment_in(text: str) -> datetime | None:
    """Return the moment that an ISO 8601 text names, in the offset that it is written in; None when it names none."""
    try:
        return datetime.fromisoformat(text) if len(text) < 40 and _MOMENT.fullmatch(text) and text.isascii() else None
    except ValueError:
        return None


def day_in_words(day: date) -> str:
    """Return a day with its weekday, in the reader's language."""
    # Translators: letters of Django's date format: weekday, day, month and year.
    return date_format(day, pgettext("format of a day", "l, j F Y"))


def moment_in_words(moment: datetime) -> str:
    """Return a moment in the reader's language, by the clock that it was written by."""
    seconds = f":{moment:%S}" if moment.second else ""
    day, clock = day_in_words(moment.date()), f"{moment:%H:%M}{seconds}"
    offset = moment.utcoffset()
    if offset is None:
        return _("%(day)s, %(clock)s") % {"day": day, "clock": clock}
    return _("%(day)s, %(clock)s %(zone)s") % {"day": day, "clock": clock, "zone": _zone(offset)}


def _zone(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"
