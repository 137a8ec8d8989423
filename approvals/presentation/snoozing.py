"""Until when somebody may snooze a request: a few sensible times, by the clock of whoever snoozes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.deadlines import NEAR


@dataclass(frozen=True, slots=True)
class Choice:
    """One time to choose.

    Attributes:
        name: what the form posts.
        label: what the page calls it.
        until: when that is.
    """

    name: str
    label: str
    until: datetime


def choices_at(now: datetime, deadline: datetime | None) -> list[Choice]:
    """Return the times that are offered, earliest first: only such as come before the deadline.

    Args:
        now: in the zone in which evenings and mornings are meant.
    """
    evening, morning = _at_hour(now, 18), _at_hour(now + timedelta(days=1), 9)
    choices = [Choice("hour", _("for an hour"), now + timedelta(hours=1))]
    if evening > now + timedelta(hours=1):
        choices.append(Choice("evening", _("until this evening"), evening))
    choices.append(Choice("morning", _("until tomorrow morning"), morning))
    if deadline is None:
        return choices
    choices = [choice for choice in choices if choice.until < deadline]
    if deadline - NEAR > now:
        choices.append(Choice("deadline", _("until the deadline is near"), deadline - NEAR))
    return choices


def chosen_time(name: str, typed: str, now: datetime, deadline: datetime | None) -> datetime | None:
    """Return the time that a form means; None when it means none.

    Args:
        name: of a choice; ``at`` for the time that was ``typed``.
        now: in the zone in which evenings and mornings are meant, and the typed time too.
        typed: as a browser's field for a local time gives it: ``2026-03-02T09:00``.
    """
    if name != "at":
        return next((choice.until for choice in choices_at(now, deadline) if choice.name == name), None)
    try:
        local = datetime.fromisoformat(typed)
    except ValueError:
        return None
    # Far years have no place in some zones; nobody means them.
    meant = timezone.is_naive(local) and abs(local.year - now.year) < 100
    return timezone.make_aware(local, now.tzinfo) if meant else None


def _at_hour(day: datetime, hour: int) -> datetime:
    # By the wall clock, also on days on which that is changed.
    naive = day.replace(hour=hour, minute=0, second=0, microsecond=0, tzinfo=None)
    return timezone.make_aware(naive, day.tzinfo)
