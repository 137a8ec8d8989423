"""Who can still approve, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.people import display_name
from approvals.selectors.people import StillAble


def still_able_in_words(able: StillAble) -> str:
    """Return the names of those who can still approve, and how many there are besides."""
    names = ", ".join(display_name(person) for person in able.named)
    if not names:
        return _("nobody: more people are needed in the groups")
    if not able.more:
        return names
    words = ngettext("%(names)s and %(number)d more", "%(names)s and %(number)d more", able.more)
    return words % {"names": names, "number": able.more}
