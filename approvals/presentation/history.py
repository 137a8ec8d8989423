"""Earlier decisions in words."""

from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import JsonValue

from approvals.presentation.text import reveal
from approvals.presentation.values import in_words
from approvals.rules.lifecycle import Status
from approvals.rules.likeness import Difference, Likeness
from approvals.selectors.history import LOOKING_BACK, History

# So many differences, and so much of each value, are shown of an earlier request.
_SHOWN: Final = 4
_LONGEST: Final = 120
_BEFORE: Final = 30


@dataclass(frozen=True, slots=True)
class Contrast:
    """One argument then and now, as HTML; an empty text is what was not there."""

    path: str
    then: SafeString
    now: SafeString


def summary_of(history: History) -> str:
    """Say how often the tool was decided lately, and how; empty when it was not."""
    if not history.counts:
        return ""
    counts = ", ".join(_counted(status, number) for status, number in history.counts.items())
    if history.counted is not None:
        return _("Of the latest %(number)d: %(counts)s") % {"number": history.counted, "counts": counts}
    return _("In the last %(days)d days: %(counts)s") % {"days": LOOKING_BACK.days, "counts": counts}


def contrasts_of(likeness: Likeness) -> list[Contrast]:
    """Return the first differences between an earlier request and this one."""
    return [_contrast(one) for one in likeness.differences[:_SHOWN]]


def more_differences(likeness: Likeness) -> int:
    """Return how many differences are not shown."""
    return max(0, len(likeness.differences) - _SHOWN)


def _counted(status: str, number: int) -> str:
    values = {"number": number}
    match status:
        case Status.APPROVED:
            return ngettext("%(number)d approved", "%(number)d approved", number) % values
        case Status.REJECTED:
            return ngettext("%(number)d rejected", "%(number)d rejected", number) % values
        case Status.ANSWERED:
            return ngettext("%(number)d answered", "%(number)d answered", number) % values
    return ngettext("%(number)d expired", "%(number)d expired", number) % values


def _contrast(difference: Difference) -> Contrast:
    then, now = _text(difference.then), _text(difference.now)
    in_common = takewhile(lambda pair: pair[0] == pair[1], zip(then, now, strict=False))
    begin = max(0, len(list(in_common)) - _BEFORE)
    return Contrast(difference.path, _from(begin, then), _from(begin, now))


def _text(value: JsonValue) -> str:
    return "" if value is None else in_words(value)[0]


def _from(begin: int, text: str) -> SafeString:
    """Return the part of a text in which it differs; short ones stay whole."""
    if len(text) > _LONGEST:
        text = ("…" if begin else "") + text[begin:]
        text = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
    return reveal(text)
