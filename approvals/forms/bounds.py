"""What a value may be, in words for whoever edits it."""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from approvals.forms.schema_parts import Schema, length_in, number_in
from approvals.rules.editing import InvalidEdit

#: By the keywords that say how low and how high.
_RANGES: Final = {
    ("minimum", "maximum"): gettext_noop("%(low)s to %(high)s"),
    ("minimum", "exclusiveMaximum"): gettext_noop("%(low)s or more, less than %(high)s"),
    ("exclusiveMinimum", "maximum"): gettext_noop("more than %(low)s, up to %(high)s"),
    ("exclusiveMinimum", "exclusiveMaximum"): gettext_noop("more than %(low)s, less than %(high)s"),
    ("minimum", ""): gettext_noop("%(low)s or more"),
    ("exclusiveMinimum", ""): gettext_noop("more than %(low)s"),
    ("", "maximum"): gettext_noop("up to %(high)s"),
    ("", "exclusiveMaximum"): gettext_noop("less than %(high)s"),
}
_FORMATS: Final = {
    "date-time": gettext_noop("Date and time, such as 2026-04-24T09:30:00Z"),
    "date": gettext_noop("Year, month and day, such as 2026-04-24"),
    "time": gettext_noop("Time of day, such as 09:30:00Z"),
    "email": gettext_noop("An e-mail address"),
}
_LONGEST_LIMIT: Final = 120


def bounds_in_words(schema: Schema) -> str:
    """Return the bounds of a number, a text, a list or a date; empty where there are none."""
    kind = schema.get("type")
    if "enum" in schema:
        return ""
    if kind in ("number", "integer"):
        return _range(schema)
    if kind == "string":
        words = _format(schema)
        return _(words) if words else _length(schema)
    return _items(schema) if kind == "array" else ""


def misfit_in_words(error: InvalidEdit) -> str:
    """Say what is wrong with an edit, without quoting the whole value back."""
    return _(error.wording).format(*map(_limit, error.values))


def _format(schema: Schema) -> str:
    name = schema.get("format")
    return _FORMATS.get(name, "") if isinstance(name, str) else ""


def _range(schema: Schema) -> str:
    low = next((key for key in ("exclusiveMinimum", "minimum") if number_in(schema, key) is not None), "")
    high = next((key for key in ("exclusiveMaximum", "maximum") if number_in(schema, key) is not None), "")
    words = _RANGES.get((low, high))
    return _(words) % {"low": _limit(schema.get(low)), "high": _limit(schema.get(high))} if words else ""


def _length(schema: Schema) -> str:
    most = length_in(schema, "maxLength")
    if most is None:
        return ""
    return ngettext("up to %(most)s character", "up to %(most)s characters", most) % {"most": _limit(most)}


def _items(schema: Schema) -> str:
    least, most = length_in(schema, "minItems") or None, length_in(schema, "maxItems")
    if least is not None and most is not None:
        return _("%(least)s to %(most)s items") % {"least": _limit(least), "most": _limit(most)}
    if most is not None:
        return ngettext("up to %(most)s item", "up to %(most)s items", most) % {"most": _limit(most)}
    if least is not None:
        return ngettext("%(least)s item or more", "%(least)s items or more", least) % {"least": _limit(least)}
    return ""


def _limit(limit: object) -> str:
    if isinstance(limit, int | float) and not isinstance(limit, bool):
        # Grouped, and never in the notation of powers: nobody reads 1e+06 as a limit of money.
        return f"{Decimal(str(limit)).normalize():,f}" if abs(limit) < 10**18 else str(limit)[:_LONGEST_LIMIT]
    return str(limit)[:_LONGEST_LIMIT]
