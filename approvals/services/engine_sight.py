"""How the courier sees the engine."""

from datetime import datetime

from django.db import transaction

from approvals.models import Delivery, EngineSight
from approvals.notify import tell_viewers_of_engine, wake_sender
from approvals.rules.lifecycle import DeliveryState


@transaction.atomic
def note_engine_sight(*, at: datetime, problem: str = "") -> None:
    """Note that the engine was looked at, and what was wrong, if anything was.

    When it went away or came back, open pages are told. When it came back, what waits because of trouble goes out.
    """
    EngineSight.objects.get_or_create(pk=1, defaults={"looked_at": at})
    sight = EngineSight.objects.select_for_update().get(pk=1)
    was_away = sight.away_since is not None
    if not problem:
        sight.away_since = None
    elif not was_away:
        sight.away_since = at
    sight.looked_at, sight.problem = at, problem
    sight.save()
    if was_away != bool(problem):
        tell_viewers_of_engine()
        if was_away:
            _send_at_once(at)


def _send_at_once(at: datetime) -> None:
    """Have what could not be sent sent now. One that is being sent may go twice, which is harmless."""
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED, attempts__gt=0, due_at__gt=at)
    if waiting.exclude(last_error="").update(due_at=at):
        wake_sender()
