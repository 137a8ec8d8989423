"""Who else looks at a request, in words."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_NAMED: Final = 3


def looking_in_words(names: Sequence[str]) -> str:
    """Return who else looks, as a sentence with up to three names; empty for nobody."""
    shown = dict(zip(("first", "second", "third"), names, strict=False))
    match len(names):
        case 0:
            return ""
        case 1:
            return _("%(first)s is looking at this too.") % shown
        case 2:
            return _("%(first)s and %(second)s are looking at this too.") % shown
        case 3:
            return _("%(first)s, %(second)s and %(third)s are looking at this too.") % shown
    more = len(names) - _NAMED
    sentence = ngettext(
        "%(first)s, %(second)s, %(third)s and %(more)d more are looking at this too.",
        "%(first)s, %(second)s, %(third)s and %(more)d more are looking at this too.",
        more,
    )
    return sentence % {**shown, "more": more}
