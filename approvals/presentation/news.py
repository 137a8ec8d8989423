"""What others did to a request while somebody read it, in sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import AuditEvent
from approvals.presentation.escalations import listed
from approvals.presentation.record import actor_in_words
from approvals.presentation.times import in_words

_COMMENT = "comment.added"


def changes_in_words(changes: Sequence[AuditEvent], names: Mapping[str, str], now: datetime) -> list[str]:
    """Return a sentence for each change, oldest first; comments are counted.

    Args:
        names: what people are called, by their usernames.
    """
    comments = [change for change in changes if change.code == _COMMENT]
    others = [change for change in changes if change.code != _COMMENT]
    sentences = [_sentence(change, names, now) for change in others]
    if comments:
        number = len(comments)
        sentences.append(
            ngettext("There is %(number)d new comment.", "There are %(number)d new comments.", number)
            % {"number": number}
        )
    return sentences


def _sentence(change: AuditEvent, names: Mapping[str, str], now: datetime) -> str:
    who = actor_in_words(change.actor)
    words = {"who": names.get(who, who), "when": in_words(change.at, now, "ago")}
    # Those of `rules.news`: nothing else is told of here.
    match change.code:
        case "request.claimed":
            return _("%(who)s claimed this %(when)s.") % words
        case "request.released":
            return _("%(who)s released this %(when)s.") % words
        case "decision.recorded":
            return _approved(change.data, words)
        case "decision.taken_back":
            return _("%(who)s took a decision back %(when)s.") % words
        case _:
            return _("%(groups)s were asked too %(when)s.") % {**words, "groups": listed(change.data["groups"])}


def _approved(data: Mapping[str, Any], words: Mapping[str, str]) -> str:
    if data.get("changed"):
        return _("%(who)s approved this with changes %(when)s.") % words
    return _("%(who)s approved this %(when)s.") % words
