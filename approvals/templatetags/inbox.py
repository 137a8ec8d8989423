"""What the templates of the list need."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django import template
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import ApprovalRequest
from approvals.presentation import filters
from approvals.rules.bulk import can_be_picked
from approvals.rules.seen import in_short

register = template.Library()

#: A day, in seconds. Browsers keep a timer's milliseconds in 32 bits: one for a month goes off at once, and again.
LONGEST_WAIT: Final = 86_400

register.filter("count_words", filters.in_words)
register.filter(in_short)
register.simple_tag(filters.ways_to_queues)


@register.filter(name="can_be_picked")
def picked(row: ApprovalRequest, user: User) -> bool:
    """Tell whether a person can decide a row together with others: their own they are only asked about."""
    return (
        row.is_pending and row.requester != user.username and can_be_picked(row.kind, row.risk, is_found=row.is_found)
    )


@register.filter
def at(values: Mapping[int, Sequence[str]], key: int) -> Sequence[str]:
    """Return what a mapping holds for a key, nothing where it holds none."""
    return values.get(key, ())


@register.filter
def seconds_until(at: datetime) -> int:
    """Return for how many seconds a browser waits for a time: at least one, a day at most, since it asks again then."""
    return min(LONGEST_WAIT, max(1, math.ceil((at - timezone.now()).total_seconds())))
