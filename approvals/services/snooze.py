"""Not now: one person hides a request from their own queue. Nobody else is told, and the record says nothing."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from approvals.errors import AlreadySettled, InvalidInput
from approvals.models import Snooze
from approvals.selectors.access import requests_visible_to

#: Who wants a request gone for longer means something else.
LONGEST: Final = timedelta(days=366)


@transaction.atomic
def snooze_request(*, request_id: int, user: User, until: datetime, near: timedelta) -> Snooze:
    """Hide a request from ``user`` until a time, or until its deadline is near when that comes first.

    Args:
        until: when it comes back; the answer tells when it really does.
        near: how long before its deadline a request comes back at the latest; half of what is left when there is no
            more than that.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request for this person.
        AlreadySettled: it waits no more.
        InvalidInput: the time has passed, or is more than a year away.
    """
    request = requests_visible_to(user).only("status", "deadline_at").get(pk=request_id)
    if not request.is_pending:
        raise AlreadySettled(request)
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise InvalidInput("until", "choose a time that is still to come, within a year")
    if request.deadline_at is not None:
        until = min(until, _in_time(now, request.deadline_at, near))
    snooze, _created = Snooze.objects.update_or_create(user=user, request=request, defaults={"until": until})
    return snooze


@transaction.atomic
def wake_request(*, request_id: int, user: User) -> None:
    """Put a request back into the queue of ``user``; nothing changes when it is there.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request for this person.
    """
    request = requests_visible_to(user).only("pk").get(pk=request_id)
    request.snoozes.filter(user=user).delete()


def _in_time(now: datetime, deadline: datetime, near: timedelta) -> datetime:
    """Return when a request with a deadline comes back at the latest."""
    left = deadline - now
    return deadline - near if left > near else now + left / 2
